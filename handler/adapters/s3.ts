import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { PipelineError } from "../core/errors.ts";
import type { Upload } from "../core/events/s3-event.ts";
import type { SourceReader } from "../ports/source.ts";
import { bodyWithin, currentOriginal } from "./s3/objects.ts";
import { REFUSALS, refusalOf } from "./s3/refusals.ts";

/** Idle times, in milliseconds, not totals: an original may have 100 MB. */
const TIMEOUTS = { connectionTimeout: 1_000, socketTimeout: 5_000 };

/** The function's S3 client: three tries, with the SDK's standard back-off. */
export const s3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

/** @param refusal why S3 will never give it */
const readError = (
  error: unknown,
  { bucket, key }: Upload,
  refusal: PipelineError | undefined,
): PipelineError =>
  refusal ??
  (error instanceof PipelineError
    ? error
    : new PipelineError("READ_FAILED", `${key} could not be read from the bucket ${bucket}.`, {
        cause: error,
      }));

/** @param ownKeyArn the key that the buckets are encrypted with */
export const s3SourceReader = (client: S3Client, ownKeyArn: string): SourceReader => ({
  read: async (upload, maxBytes, judge) => {
    const { bucket, key, versionId, eTag } = upload;
    // Without versions, the ETag tells whether the object is still the one that the event is about.
    const exactly =
      versionId === undefined
        ? { IfMatch: eTag === undefined ? undefined : `"${eTag}"` }
        : { VersionId: versionId };
    const input = { Bucket: bucket, Key: key, ...exactly };
    try {
      return await bodyWithin(await client.send(new GetObjectCommand(input)), maxBytes, judge);
    } catch (error) {
      const refusal =
        error instanceof S3ServiceException ? await refusalOf(client, error, input, ownKeyArn) : undefined;
      throw readError(error, upload, refusal);
    }
  },
  tags: async (upload, names) => {
    const { bucket: Bucket, key: Key, versionId } = upload;
    try {
      const { TagSet = [] } = await client.send(
        new GetObjectTaggingCommand({
          Bucket,
          Key,
          ...(versionId === undefined ? {} : { VersionId: versionId }),
        }),
      );
      const values = new Map(TagSet.map((tag) => [tag.Key, tag.Value]));
      return Object.fromEntries(names.map((name) => [name, values.get(name)]));
    } catch (error) {
      const refusal = error instanceof S3ServiceException ? REFUSALS.get(error.name) : undefined;
      throw readError(error, upload, refusal && new PipelineError(...refusal, { cause: error }));
    }
  },
  current: s3CurrentOriginal(client),
});

/** Tells what lies under a key now, whatever it is encrypted with. */
export const s3CurrentOriginal =
  (client: S3Client): SourceReader["current"] =>
  async (bucket, key) => {
    try {
      return await currentOriginal(client, bucket, key);
    } catch (cause) {
      throw new PipelineError(
        "READ_FAILED",
        `It could not be told whether ${key} is in the bucket ${bucket}.`,
        { cause },
      );
    }
  };
