import {
  DeleteObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { PipelineError } from "../../core/errors.ts";
import type { Upload } from "../../core/events/s3-event.ts";
import type { IsLeftOver } from "../../core/record/cleanup.ts";
import { DEFAULT_CACHE_CONTROL } from "../../core/spec/caching.ts";
import { RENDITION_FORMAT_FACTS } from "../../core/spec/format.ts";
import type { Expected, RenditionWriter } from "../../ports/renditions.ts";
import { head } from "./objects.ts";
import { isRefused } from "./refusals.ts";

/** Which original a rendition was made of; S3 keeps it as `x-amz-meta-original-...`. */
const originalMetadata = ({ bucket, versionId, eTag, sequencer }: Upload): Record<string, string> => ({
  "original-bucket": bucket,
  "original-sequencer": sequencer,
  ...(versionId === undefined ? {} : { "original-version-id": versionId }),
  ...(eTag === undefined ? {} : { "original-etag": eTag }),
});

/** The sequencer that `originalMetadata` wrote; before all others when somebody else stored the object. */
const sequencerOf = (metadata: Readonly<Record<string, string>> | undefined): string =>
  metadata?.["original-sequencer"] ?? "";

/** Looks at a file in the destination bucket and takes its place: others may be quicker as often as this. */
const TURNS = 5;

/** What S3 answers when an object is no longer what a conditional request wants to find (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html). */
const CHANGED_MEANWHILE = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"] as const;

/** `If-Match` for what was found, `If-None-Match` for nothing. */
type Condition = { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: "*" };

export const s3RenditionWriter = (client: S3Client, bucket: string): RenditionWriter => {
  /** What must still be so for the upload's file to take the place under the key; `undefined` when it must not. */
  const conditionFor = async (key: string, { sequencer }: Upload): Promise<Condition | undefined> => {
    const found = await head(client, bucket, key);
    if (found === undefined) return { IfNoneMatch: "*" };
    return sequencerOf(found.Metadata) > sequencer ? undefined : { IfMatch: found.ETag };
  };

  const put = async (
    key: string,
    body: Uint8Array | string,
    contentType: string,
    cacheControl: string,
    original: Upload,
    expected: Expected,
  ): Promise<void> => {
    let cause: unknown;
    try {
      let condition: Condition | undefined =
        expected === "nothing" ? { IfNoneMatch: "*" } : await conditionFor(key, original);
      for (let turn = 0; turn < TURNS; turn += 1) {
        if (condition === undefined) return;
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              ContentType: contentType,
              CacheControl: cacheControl,
              Metadata: originalMetadata(original),
              ...condition,
            }),
          );
          return;
        } catch (error) {
          if (!isRefused(error, ...CHANGED_MEANWHILE)) throw error;
          cause = error;
        }
        condition = await conditionFor(key, original);
      }
    } catch (error) {
      cause = error;
    }
    throw new PipelineError("STORE_FAILED", `${key} could not be stored in the bucket ${bucket}.`, { cause });
  };

  /** `true` when it was deleted, `false` when it is not to go. */
  const removeFile = async (key: string, isLeftOver: IsLeftOver): Promise<boolean> => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const found = await head(client, bucket, key);
      if (found === undefined || !isLeftOver({ key, sequencer: sequencerOf(found.Metadata) })) return false;
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: found.ETag }));
        return true;
      } catch (error) {
        if (!isRefused(error, ...CHANGED_MEANWHILE)) throw error;
      }
    }
    throw new Error(`${key} changed as often as it was looked at.`);
  };

  return {
    write: ({ key, format, cacheControl, bytes }, original, expected) =>
      put(key, bytes, RENDITION_FORMAT_FACTS[format].contentType, cacheControl, original, expected),
    writeManifest: (key, manifest, original, expected) =>
      put(key, JSON.stringify(manifest), "application/json", DEFAULT_CACHE_CONTROL, original, expected),
    remove: async (originalKey, isLeftOver) => {
      // Up to the next slash: `a.jpg/b.jpg/card.webp` is of another original, `a.jpg/b.jpg`.
      const listing = { Bucket: bucket, Prefix: `${originalKey}/`, Delimiter: "/" };
      const removed: string[] = [];
      try {
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, listing)) {
          for (const { Key = "" } of Contents) {
            if (await removeFile(Key, isLeftOver)) removed.push(Key);
          }
        }
        return removed;
      } catch (cause) {
        throw new PipelineError(
          "REMOVE_FAILED",
          `What is left over of ${originalKey} could not be removed from the bucket ${bucket}.`,
          { cause },
        );
      }
    },
  };
};
