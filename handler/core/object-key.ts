import * as z from "zod";
import { PipelineError } from "./errors.ts";

/** S3's limit on a key, in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
export const MAX_KEY_BYTES = 1024;

/**
 * Where the manifest of an original is stored: `<original key>/manifest.json`, which no rendition is called.
 * @throws PipelineError KEY_TOO_LONG past 1,024 bytes
 */
export const manifestKey = (originalKey: string): string =>
  keyBeside(originalKey, "manifest.json", "manifest");

export const keyBeside = (originalKey: string, fileName: string, what: string): string =>
  withinLimit(`${originalKey}/${fileName}`, what);

export const withinLimit = (key: string, what: string): string => {
  const length = new TextEncoder().encode(key).length;
  if (length > MAX_KEY_BYTES) {
    throw new PipelineError(
      "KEY_TOO_LONG",
      `The key of the ${what} would have ${length.toLocaleString("en")} bytes; S3 allows 1,024.`,
    );
  }
  return key;
};

/** A key as the path of a URL: everything but slashes and RFC 3986's unreserved characters is percent-encoded. */
export const keyAsUrlPath = (key: string): string => key.split("/").map(keyAsUrlComponent).join("/");

/** A key as one component of a URL, such as a query parameter's value: slashes are encoded too. */
export const keyAsUrlComponent = (key: string): string =>
  encodeURIComponent(key).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The key as S3 writes it in an event notification, read back: `+` is a space, then percent-decoding. Decode once only. */
export const keyFromEvent = (encoded: string): string => decodeURIComponent(encoded.replaceAll("+", " "));

/** A key as S3's events and jobs have it, decoded. */
export const urlEncodedKey = z
  .string()
  .min(1)
  .transform((encoded, context) => {
    try {
      return keyFromEvent(encoded);
    } catch {
      context.addIssue({ code: "custom", message: "expected a URL-encoded key" });
      return z.NEVER;
    }
  });
