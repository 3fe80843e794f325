import * as z from "zod";
import { ASSET_STATES } from "./index.ts";

/** An asset record as `asset.ts` has it written, read back. */
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
  /** What the last try failed on, while there is no outcome. */
  LastErrorCode: z.string().optional(),
  LastError: z.string().optional(),
  LastTriedAt: z.iso.datetime().optional(),
  /** When people were told that the last try had failed. */
  GivenUpAt: z.iso.datetime().optional(),
  Format: z.string().optional(),
  Width: z.int().optional(),
  Height: z.int().optional(),
  Pages: z.int().optional(),
  HasAlpha: z.boolean().optional(),
  DominantColour: z.string().optional(),
  Placeholder: z.string().optional(),
  ThumbHash: z.string().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
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
  MadeWith: z.object({ Code: z.string(), Sharp: z.string(), Libvips: z.string() }).optional(),
  NotifiedAt: z.iso.datetime().optional(),
  DeletedAt: z.iso.datetime().optional(),
  RestoredAt: z.iso.datetime().optional(),
});

export type AssetRecord = z.output<typeof assetRecord>;

/** Reads an asset record. @throws {z.ZodError} when it is none */
export const parseAssetRecord = (attributes: unknown): AssetRecord => assetRecord.parse(attributes);
