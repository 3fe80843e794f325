import { Readable } from "node:stream";
import {
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { refuseBySize } from "../../core/byte-limit.ts";
import type { PermanentCode } from "../../core/errors.ts";
import type { Arrival } from "../../ports.ts";

type Refusal = readonly [code: PermanentCode, sentence: string];

const MISSING: Refusal = ["SOURCE_MISSING", "The file was deleted before it was read."];

/** By S3's error codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
export const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
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

export const isRefused = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name);

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
