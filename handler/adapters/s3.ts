import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { PipelineError } from "../core/errors.ts";
import type { Upload } from "../core/upload-event.ts";
import type { SourceReader } from "../ports.ts";
import { bodyWithin, head, REFUSALS } from "./s3/objects.ts";

/** Idle times, in milliseconds, not totals: an original may have 100 MB. */
const TIMEOUTS = { connectionTimeout: 1_000, socketTimeout: 5_000 };

/** The function's S3 client: three tries, with the SDK's standard back-off. */
export const s3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

const readError = (error: unknown, { bucket, key }: Upload): PipelineError => {
  if (error instanceof PipelineError) return error;
  const refusal = error instanceof S3ServiceException ? REFUSALS.get(error.name) : undefined;
  if (refusal !== undefined) {
    const [code, sentence] = refusal;
    return new PipelineError(code, sentence, { cause: error });
  }
  return new PipelineError("READ_FAILED", `${key} could not be read from the bucket ${bucket}.`, {
    cause: error,
  });
};

export const s3SourceReader = (client: S3Client): SourceReader => ({
  read: async (upload, maxBytes, judge) => {
    const { bucket, key, versionId, eTag } = upload;
    // Without versions, the ETag tells whether the object is still the one that the event is about.
    const exactly =
      versionId === undefined
        ? { IfMatch: eTag === undefined ? undefined : `"${eTag}"` }
        : { VersionId: versionId };
    try {
      const output = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...exactly }));
      return await bodyWithin(output, maxBytes, judge);
    } catch (error) {
      throw readError(error, upload);
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
      throw readError(error, upload);
    }
  },
  current: async (bucket, key) => {
    try {
      const found = await head(client, bucket, key);
      return found === undefined
        ? undefined
        : {
            bucket,
            key,
            sizeBytes: found.ContentLength ?? 0,
            eTag: found.ETag?.replaceAll('"', ""),
            versionId: found.VersionId,
            uploadTime: (found.LastModified ?? new Date(0)).toISOString(),
          };
    } catch (cause) {
      throw new PipelineError(
        "READ_FAILED",
        `It could not be told whether ${key} is in the bucket ${bucket}.`,
        {
          cause,
        },
      );
    }
  },
});
