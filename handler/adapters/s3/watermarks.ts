import { GetObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { PipelineError } from "../../core/errors.ts";
import { MAX_WATERMARK_BYTES, REPLACE_WATERMARK } from "../../core/spec/watermark.ts";
import type { WatermarkReader } from "../../ports/renditions.ts";
import { bodyWithin } from "./objects.ts";
import { REFUSALS } from "./refusals.ts";

/** How long a watermark is taken as it is before S3 is asked whether it changed, in milliseconds. */
const WATERMARK_FRESHNESS = 60_000;

type KnownWatermark = {
  readonly bytes: Uint8Array;
  readonly eTag: string | undefined;
  readonly askedAt: number;
};

const isUnchanged = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 304;

const watermarkError = (error: unknown, bucket: string, key: string): PipelineError => {
  const unusable = (reason: string) =>
    new PipelineError("WATERMARK_UNUSABLE", `The watermark ${key} ${reason}`, { cause: error });
  if (error instanceof PipelineError) {
    return unusable(
      `is empty or larger than ${MAX_WATERMARK_BYTES.toLocaleString("en")} bytes: ${REPLACE_WATERMARK}`,
    );
  }
  if (error instanceof S3ServiceException && REFUSALS.has(error.name)) {
    return unusable(`is not in the bucket ${bucket}, or archived there: ${REPLACE_WATERMARK}`);
  }
  return new PipelineError(
    "READ_FAILED",
    `The watermark ${key} could not be read from the bucket ${bucket}.`,
    { cause: error },
  );
};

/**
 * Reads watermarks, and keeps them between invocations: a warm function asks once a minute whether one changed.
 * @param now milliseconds since 1970
 */
export const s3WatermarkReader = (client: S3Client, now: () => number = Date.now): WatermarkReader => {
  const known = new Map<string, KnownWatermark>();
  return {
    read: async (bucket, key) => {
      const place = `${bucket}/${key}`;
      const before = known.get(place);
      const askedAt = now();
      if (before !== undefined && askedAt - before.askedAt < WATERMARK_FRESHNESS) return before.bytes;
      try {
        const output = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: before?.eTag }),
        );
        const bytes = await bodyWithin(output, MAX_WATERMARK_BYTES);
        known.set(place, { bytes, eTag: output.ETag, askedAt });
        return bytes;
      } catch (error) {
        if (before !== undefined && isUnchanged(error)) {
          known.set(place, { ...before, askedAt });
          return before.bytes;
        }
        known.delete(place);
        throw watermarkError(error, bucket, key);
      }
    },
  };
};
