import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { plain } from "../../handler/core/strangers-text.ts";
import type { Aws } from "../aws.ts";
import { OperatorError } from "../errors.ts";

/** An object put into the source bucket. */
export type UploadedObject = {
  readonly key: string;
  readonly versionId: string | undefined;
};

/** S3's limit for one PutObject (https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html). */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;
/** S3's limit on a key, in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
const MAX_KEY_BYTES = 1024;

const fileSize = async (file: string): Promise<number> => {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    const what = found === undefined ? "nothing" : found.isDirectory() ? "a folder" : "something else";
    throw new OperatorError(`${plain(file)}: expected a file, but there is ${what}.`);
  }
  if (found.size > MAX_UPLOAD_BYTES) {
    throw new OperatorError(
      `${plain(file)}: has ${found.size} bytes, but S3 takes at most ${MAX_UPLOAD_BYTES} at once.`,
    );
  }
  return found.size;
};

/**
 * Puts a file, or bytes, into a bucket.
 *
 * @throws {OperatorError} when there is no such file, or S3 could not hold it under that key.
 */
export const uploadObject = async (
  { s3 }: Aws,
  bucket: string,
  source: string | Uint8Array,
  key: string,
): Promise<UploadedObject> => {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) {
    throw new OperatorError(`The key ${plain(key)} has ${keyBytes} bytes; S3 allows 1 to ${MAX_KEY_BYTES}.`);
  }
  const fromFile = typeof source === "string";
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentLength: fromFile ? await fileSize(source) : source.length,
      Body: fromFile ? createReadStream(source) : source,
    }),
  );
  return { key, versionId: VersionId };
};
