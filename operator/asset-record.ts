import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { z } from "zod";
import { ASSET_STATES } from "../handler/core/asset-index.ts";

/** An asset record as the handler writes it (handler/core/asset.ts). */
export const assetRecord = z.object({
  ImageKey: z.string(),
  SourceBucket: z.string(),
  DestinationBucket: z.string(),
  /** Missing of an original that went before it was known to have come. */
  UploadTime: z.iso.datetime().default("1970-01-01T00:00:00.000Z"),
  State: z.enum(ASSET_STATES),
  Sequencer: z.string(),
  SizeBytes: z.int().default(0),
  VersionId: z.string().optional(),
  ETag: z.string().optional(),
  Attempts: z.int().default(0),
  ProcessedAt: z.iso.datetime().optional(),
  DurationMs: z.number().optional(),
  ReasonCode: z.string().optional(),
  Reason: z.string().optional(),
  Format: z.string().optional(),
  Width: z.int().optional(),
  Height: z.int().optional(),
  Pages: z.int().optional(),
  HasAlpha: z.boolean().optional(),
  DominantColour: z.string().optional(),
  Placeholder: z.string().optional(),
  ThumbHash: z.string().optional(),
  Renditions: z
    .array(
      z.object({
        Name: z.string(),
        Key: z.string(),
        Format: z.string(),
        Width: z.int(),
        Height: z.int(),
        SizeBytes: z.int(),
        Sha256: z.string().optional(),
      }),
    )
    .optional(),
  Sha256: z.string().optional(),
  SpecsFingerprint: z.string().optional(),
  NotifiedAt: z.iso.datetime().optional(),
  DeletedAt: z.iso.datetime().optional(),
});

export type AssetRecord = z.output<typeof assetRecord>;

/** Reads an asset record. @throws {z.ZodError} when it is none */
export const parseAssetRecord = (attributes: unknown): AssetRecord => assetRecord.parse(attributes);

/** Every attribute of a record as it is, or `undefined` when there is no record (yet). */
export const readAttributes = async (
  { dynamodb }: { readonly dynamodb: DynamoDBClient },
  tableName: string,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: { ImageKey: { S: key } }, ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
};

/** The record of an original, or `undefined` when there is none (yet). */
export const readAssetRecord = async (
  aws: { readonly dynamodb: DynamoDBClient },
  tableName: string,
  key: string,
): Promise<AssetRecord | undefined> => {
  const attributes = await readAttributes(aws, tableName, key);
  return attributes && parseAssetRecord(attributes);
};
