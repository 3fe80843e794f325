import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { MAX_KEY_BYTES } from "../../handler/core/object-key.ts";
import { watermarkImages } from "../../handler/core/spec/rendition-spec.ts";
import { plain } from "../../handler/core/strangers-text.ts";
import { OperatorError } from "../errors.ts";
import { functionSettings } from "../reprocess/function-settings.ts";
import type { Target } from "../target.ts";

export type PresignOptions = {
  /**
   * Where the upload goes: the key itself, or a prefix with `${filename}` behind it. S3 then takes every key that begins
   * with the prefix, whatever the file's name is.
   */
  readonly key: string;
  /** Largest upload in bytes, 1 to 5,368,709,120. */
  readonly maxBytes: number;
  /** Smallest upload in bytes. @default 1 */
  readonly minBytes?: number;
  /** Content type that the upload must declare: `image/jpeg`, or `image/` and a star for any image. */
  readonly type: string;
  /** How long the form works, in seconds, 1 to 604,800. @default 900 */
  readonly expiresSeconds?: number;
};

/** A form that uploads one file without AWS credentials: POST `fields`, then the file as the last field, `file`, to `url`. */
export type PresignedUpload = {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601; earlier when the credentials that signed it end earlier. */
  readonly expiresAt: string;
};

/** S3's limit for one POST (https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html). */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;
/** What a signature of version 4 lasts at most, in seconds. */
const MAX_EXPIRES_SECONDS = 604_800;

const DEFAULT_EXPIRES_SECONDS = 900;

const demand = (isSo: boolean, sentence: string): void => {
  if (!isSo) throw new OperatorError(sentence);
};

/** What S3 replaces by the name of the file. */
const FILENAME = `\${filename}`;

/** The prefix that the form is for, or `undefined` when it is for one key. */
const prefixOf = (key: string): string | undefined =>
  key.endsWith(FILENAME) ? key.slice(0, -FILENAME.length) : undefined;

const isWhole = (value: number, minimum: number, maximum: number): boolean =>
  Number.isSafeInteger(value) && value >= minimum && value <= maximum;

const check = ({ key, maxBytes, minBytes = 1, type, expiresSeconds }: PresignOptions): void => {
  const keyBytes = Buffer.byteLength(key);
  demand(keyBytes >= 1 && keyBytes <= MAX_KEY_BYTES, `Expected a key of 1 to 1,024 bytes, got ${keyBytes}.`);
  demand(
    !(prefixOf(key) ?? key).includes("${"),
    `Expected ${FILENAME} at the end of the key and nowhere else, got ${plain(key)}.`,
  );
  demand(
    prefixOf(key) !== "",
    `Expected a prefix before ${FILENAME}, such as inbox/${FILENAME}: without one, the form would be for every key of the bucket.`,
  );
  demand(
    isWhole(maxBytes, 1, MAX_UPLOAD_BYTES),
    `Expected at most 1 to ${MAX_UPLOAD_BYTES.toLocaleString("en")} bytes, got ${maxBytes}.`,
  );
  demand(
    isWhole(minBytes, 0, maxBytes),
    `Expected at least 0 to ${maxBytes.toLocaleString("en")} bytes, the most that it may have, got ${minBytes}.`,
  );
  demand(
    /^[a-z]+\/(\*|[a-z0-9.+-]+)$/.test(type),
    `Expected a content type such as image/jpeg, or image/*, got ${plain(type)}.`,
  );
  demand(
    isWhole(expiresSeconds ?? DEFAULT_EXPIRES_SECONDS, 1, MAX_EXPIRES_SECONDS),
    `Expected 1 to ${MAX_EXPIRES_SECONDS.toLocaleString("en")} seconds, got ${expiresSeconds}.`,
  );
};

/** Whoever holds the form must not replace what every upload is marked with. */
const refuseWatermarks = (key: string, watermarks: readonly string[]): void => {
  const prefix = prefixOf(key);
  const covered = watermarks.find((image) =>
    prefix === undefined ? image === key : image.startsWith(prefix),
  );
  demand(
    covered === undefined,
    `The form would let its holder replace the watermark ${plain(covered ?? "")}, with which the function marks renditions: choose ` +
      `${prefix === undefined ? "another key" : `a prefix with which no watermark begins, such as inbox/${FILENAME}`}. ` +
      "To replace the watermark itself, upload it with your own credentials.",
  );
};

/**
 * Signs a form for one upload into the source bucket. S3 itself holds the upload to it: to the key, the size in bytes,
 * the declared content type and the time. The pipeline then judges the content. The form asks for no encryption of its
 * own, so that S3 takes the bucket's key; it works any number of times until it ends.
 *
 * @throws {OperatorError} naming the option that S3 would refuse or that reaches a watermark, or when the function's
 * settings, which name watermarks, can't be read
 */
export const presignUpload = async (
  target: Pick<Target, "s3" | "lambda" | "outputs">,
  options: PresignOptions,
  now = new Date(),
): Promise<PresignedUpload> => {
  check(options);
  refuseWatermarks(options.key, watermarkImages((await functionSettings(target)).specs));
  const { key, maxBytes, minBytes = 1, type, expiresSeconds = DEFAULT_EXPIRES_SECONDS } = options;
  const isAnySubtype = type.endsWith("*");
  const { url, fields } = await createPresignedPost(target.s3, {
    Bucket: target.outputs.sourceBucket,
    Key: key,
    Expires: expiresSeconds,
    Fields: isAnySubtype ? {} : { "Content-Type": type },
    Conditions: [
      ["content-length-range", minBytes, maxBytes],
      isAnySubtype ? ["starts-with", "$Content-Type", type.slice(0, -1)] : ["eq", "$Content-Type", type],
    ],
  });
  return { url, fields, expiresAt: new Date(now.getTime() + expiresSeconds * 1000).toISOString() };
};
