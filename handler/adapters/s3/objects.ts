import { Readable } from "node:stream";
import {
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { refuseBySize } from "../../core/source/byte-limit.ts";
import type { Arrival, CurrentOriginal } from "../../ports/source.ts";
import { isRefused } from "./refusals.ts";

/** First bytes that tell the format, and in most files the size: an EXIF block before it has at most as many. */
const FIRST_BYTES = 64 * 1024;

/** A chunk of a body; the SDK's types leave it open. */
const chunkOf = (chunk: unknown): Uint8Array => {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError("Expected bytes in the body of an object.");
};

/** Reads a body of known length into one buffer, and lets its connection go when it is refused on the way. */
export const bodyWithin = async (
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

/** The object as it is now; `undefined` when there is none, or a delete marker in its place. */
export const head = async (client: S3Client, bucket: string, key: string) => {
  try {
    return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    // A HEAD's answer has no body that could hold S3's error code.
    if (isRefused(error, "NotFound", "NoSuchKey")) return undefined;
    throw error;
  }
};

/** S3 tells nothing of an object to whoever looks without the key that it was uploaded with (SSE-C). */
const isHidden = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 400;

const withoutQuotes = (eTag: string | undefined): string | undefined => eTag?.replaceAll('"', "");

/** What a listing tells of an object: all but its version. Its key is the first of those that it begins. */
const listed = async (
  client: S3Client,
  bucket: string,
  key: string,
): Promise<CurrentOriginal | undefined> => {
  const { Contents: [found] = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
  );
  return found?.Key === key
    ? {
        bucket,
        key,
        sizeBytes: found.Size ?? 0,
        eTag: withoutQuotes(found.ETag),
        versionId: undefined,
        uploadTime: (found.LastModified ?? new Date(0)).toISOString(),
      }
    : undefined;
};

/** The original that lies under the key now; `undefined` when none does. */
export const currentOriginal = async (
  client: S3Client,
  bucket: string,
  key: string,
): Promise<CurrentOriginal | undefined> => {
  try {
    const found = await head(client, bucket, key);
    return (
      found && {
        bucket,
        key,
        sizeBytes: found.ContentLength ?? 0,
        eTag: withoutQuotes(found.ETag),
        versionId: found.VersionId,
        uploadTime: (found.LastModified ?? new Date(0)).toISOString(),
      }
    );
  } catch (error) {
    if (isHidden(error)) return listed(client, bucket, key);
    throw error;
  }
};
