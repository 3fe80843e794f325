import * as z from "zod";
import { PERMANENT_CODES, PipelineError } from "../errors.ts";
import type { Upload } from "../events/s3-event.ts";
import { SOURCE_FORMATS } from "../source/image-format.ts";
import type { ImageInfo } from "../source/image-info.ts";
import type { FailedAsset } from "./asset.ts";
import { assetRecord } from "./record.ts";

const failure = z.object({
  ...assetRecord.shape,
  State: z.literal("FAILED"),
  ReasonCode: z.enum(PERMANENT_CODES),
  Reason: z.string(),
  ProcessedAt: z.string(),
  DurationMs: z.number(),
  SpecsFingerprint: z.string(),
  MadeWith: assetRecord.shape.MadeWith.unwrap(),
});

const image = z.object({
  Format: z.enum(SOURCE_FORMATS),
  Width: z.int(),
  Height: z.int(),
  Pages: z.int(),
  HasAlpha: z.boolean(),
  IsPreview: z.boolean().optional(),
});

const imageOf = (record: unknown): ImageInfo | undefined => {
  const { data } = image.safeParse(record);
  return (
    data && {
      format: data.Format,
      width: data.Width,
      height: data.Height,
      pages: data.Pages,
      hasAlpha: data.HasAlpha,
      isPreview: data.IsPreview,
    }
  );
};

/**
 * Reads back as much of a failure as its notice tells; `undefined` when the record is of none.
 * @param upload the upload that the record is of
 */
export const recordedFailure = (record: unknown, upload: Upload): FailedAsset | undefined => {
  const { data } = failure.safeParse(record);
  return (
    data && {
      state: "FAILED",
      upload,
      processedAt: new Date(data.ProcessedAt),
      durationMs: data.DurationMs,
      specsFingerprint: data.SpecsFingerprint,
      madeWith: { code: data.MadeWith.Code, sharp: data.MadeWith.Sharp, libvips: data.MadeWith.Libvips },
      image: imageOf(record),
      reason: new PipelineError(data.ReasonCode, data.Reason),
    }
  );
};
