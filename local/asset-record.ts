import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { z } from "zod";
import type { Aws } from "./aws.ts";

/** An asset record as the handler writes it (handler/core/asset.ts). */
const assetRecord = z.object({
  ImageKey: z.string(),
  SourceBucket: z.string(),
  DestinationBucket: z.string(),
  UploadTime: z.iso.datetime(),
  State: z.enum(["RECEIVED", "PROCESSED", "FAILED"]),
  Sequencer: z.string(),
  SizeBytes: z.int(),
  VersionId: z.string().optional(),
  ETag: z.string().optional(),
  Attempts: z.int(),
  ProcessedAt: z.iso.datetime().optional(),
  DurationMs: z.number().optional(),
  ReasonCode: z.string().optional(),
  Reason: z.string().optional(),
  Format: z.string().optional(),
  Width: z.int().optional(),
  Height: z.int().optional(),
  Pages: z.int().optional(),
  HasAlpha: z.boolean().optional(),
  Renditions: z
    .array(
      z.object({
        Name: z.string(),
        Key: z.string(),
        Format: z.string(),
        Width: z.int(),
        Height: z.int(),
        SizeBytes: z.int(),
      }),
    )
    .optional(),
  NotifiedAt: z.iso.datetime().optional(),
});

export type AssetRecord = z.output<typeof assetRecord>;

/** The record of an original, or `undefined` when there is none (yet). */
export const readAssetRecord = async (
  { dynamodb }: Aws,
  tableName: string,
  key: string,
): Promise<AssetRecord | undefined> => {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: { ImageKey: { S: key } }, ConsistentRead: true }),
  );
  return Item && assetRecord.parse(unmarshall(Item));
};
