import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { refuseBySize } from "../core/byte-limit.ts";
import { DEFAULT_CACHE_CONTROL } from "../core/caching.ts";
import { type PermanentCode, PipelineError } from "../core/errors.ts";
import type { IsLeftOver } from "../core/left-over.ts";
import { RENDITION_FORMAT_FACTS } from "../core/rendition-format.ts";
import type { Upload } from "../core/upload-event.ts";
import { MAX_WATERMARK_BYTES } from "../core/watermark.ts";
import type { Arrival, Expected, RenditionWriter, SourceReader, WatermarkReader } from "../ports.ts";

/** Idle times, in milliseconds, not totals: an original may have 100 MB. */
const TIMEOUTS = { connectionTimeout: 1_000, socketTimeout: 5_000 };

/** The function's S3 client: three tries, with the SDK's standard back-off. */
export const s3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

type Refusal = readonly [code: PermanentCode, sentence: string];

const MISSING: Refusal = ["SOURCE_MISSING", "The file was deleted before it was read."];

/** By S3's error codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["NoSuchKey", MISSING],
  ["NoSuchVersion", MISSING],
  // What S3 answers when the version is a delete marker.
  ["MethodNotAllowed", MISSING],
  ["PreconditionFailed", ["SOURCE_REPLACED", "The file was replaced before it was read."]],
  [
    "InvalidObjectState",
    ["SOURCE_ARCHIVED", "The file is in an archive storage class and cannot be read at once."],
  ],
]);

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

/** First bytes that tell the format, and in most files the size: an EXIF block before it has at most as many. */
const FIRST_BYTES = 64 * 1024;

/** A chunk of a body; the SDK's types leave it open. */
const chunkOf = (chunk: unknown): Uint8Array => {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError("Expected bytes in the body of an object.");
};

/** Reads a body of known length into one buffer, and lets its connection go when it is refused on the way. */
const bodyWithin = async (
  { Body, ContentLength = 0, ContentType }: GetObjectCommandOutput,
  maxBytes: number,
  judge: (arrival: Arrival) => void = () => undefined,
): Promise<Uint8Array> => {
  if (!(Body instanceof Readable)) throw new TypeError("Expected an object's body as a stream.");
  try {
    refuseBySize(ContentLength, maxBytes);
    const bytes = new Uint8Array(ContentLength);
    let length = 0;
    let isJudged = false;
    for await (const chunk of Body) {
      const part = chunkOf(chunk);
      bytes.set(part, length);
      length += part.length;
      if (!isJudged && length >= Math.min(FIRST_BYTES, ContentLength)) {
        isJudged = true;
        judge({ firstBytes: bytes.subarray(0, length), contentType: ContentType });
      }
    }
    if (length < ContentLength) throw new RangeError(`Expected ${ContentLength} bytes, got ${length}.`);
    return bytes;
  } catch (error) {
    // A body that nobody reads would keep its connection.
    Body.destroy();
    throw error;
  }
};

const isRefused = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name);

/** The object as it is now; `undefined` when there is none, or a delete marker in its place. */
const head = async (client: S3Client, bucket: string, key: string) => {
  try {
    return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    // A HEAD's answer has no body that could hold S3's error code.
    if (isRefused(error, "NotFound", "NoSuchKey")) return undefined;
    throw error;
  }
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
    return unusable(`is empty or larger than ${MAX_WATERMARK_BYTES.toLocaleString("en")} bytes.`);
  }
  if (error instanceof S3ServiceException && REFUSALS.has(error.name)) {
    return unusable(`is not in the bucket ${bucket}, or archived there: upload it.`);
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
