import * as z from "zod";
import { PipelineError } from "./errors.ts";
import { RENDITION_FORMAT_FACTS, type RenditionFormat } from "./rendition-format.ts";

/** S3's limit on a key, in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
export const MAX_KEY_BYTES = 1024;

/**
 * Where a rendition is stored: `<original key>/<spec name>.<extension>`. The whole original key stays in it, so it
 * can be told back from the rendition's, and two originals never share one.
 * @throws PipelineError KEY_TOO_LONG past 1,024 bytes
 */
export const renditionKey = (originalKey: string, specName: string, format: RenditionFormat): string =>
  keyBeside(originalKey, `${specName}.${RENDITION_FORMAT_FACTS[format].extension}`, `rendition ${specName}`);

/** Characters of a content's hash in a key: 64 bits, of which no two of a key's files will ever be alike by chance. */
export const KEY_HASH_LENGTH = 16;

/**
 * The key of a rendition with a hash of its content before the extension.
 * @param hash `KEY_HASH_LENGTH` hexadecimal digits
 * @throws PipelineError KEY_TOO_LONG past 1,024 bytes
 */
export const hashedKey = (key: string, hash: string): string => {
  const dot = key.lastIndexOf(".");
  return withinLimit(`${key.slice(0, dot)}.${hash}${key.slice(dot)}`, "rendition with its hash");
};

/**
 * Where the manifest of an original is stored: `<original key>/manifest.json`, which no rendition is called.
 * @throws PipelineError KEY_TOO_LONG past 1,024 bytes
 */
export const manifestKey = (originalKey: string): string =>
  keyBeside(originalKey, "manifest.json", "manifest");

const keyBeside = (originalKey: string, fileName: string, what: string): string =>
  withinLimit(`${originalKey}/${fileName}`, what);

const withinLimit = (key: string, what: string): string => {
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
