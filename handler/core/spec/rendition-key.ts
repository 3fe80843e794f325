import { keyBeside, withinLimit } from "../object-key.ts";
import type { RenditionFormat } from "./format.ts";
import { RENDITION_FORMAT_FACTS } from "./format.ts";

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
