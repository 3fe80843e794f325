import { PipelineError } from "../errors.ts";

/** Formats of originals that are always processed. */
export const SOURCE_FORMATS = ["jpeg", "png", "webp", "gif", "avif", "tiff"] as const;

/** And those that are processed on a condition: a heic that holds a JPEG to stand for it, an svg when it is allowed. */
export const KNOWN_FORMATS = [...SOURCE_FORMATS, "heic", "svg"] as const;
export type SourceFormat = (typeof KNOWN_FORMATS)[number];

type Detector = (bytes: Uint8Array) => boolean;

const startsWith =
  (...signature: readonly number[]): Detector =>
  (bytes) =>
    bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

const hasText =
  (text: string, at = 0): Detector =>
  (bytes) =>
    latin1(bytes, at, at + text.length) === text;

const all =
  (...detectors: readonly Detector[]): Detector =>
  (bytes) =>
    detectors.every((detect) => detect(bytes));

const any =
  (...detectors: readonly Detector[]): Detector =>
  (bytes) =>
    detectors.some((detect) => detect(bytes));

/** Brands of an ISO base media file: the major one, then the compatible ones (ISO/IEC 14496-12, 4.3). */
const brands = (bytes: Uint8Array): readonly string[] => {
  if (!hasText("ftyp", 4)(bytes)) return [];
  const boxLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const compatible = latin1(bytes, 16, Math.min(boxLength, 256)).match(/.{4}/gs) ?? [];
  return [latin1(bytes, 8, 12), ...compatible];
};

const hasBrand =
  (...wanted: readonly string[]): Detector =>
  (bytes) =>
    brands(bytes).some((brand) => wanted.includes(brand));

/** The file as text, without what may stand before an XML or HTML root: byte order mark, space, prolog, comments. */
const root = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes.subarray(0, 4096))
    .replace(/^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE\s+svg[^>]*?(?:\[[\s\S]*?\])?\s*>)+/i, "");

const opensWith =
  (pattern: RegExp): Detector =>
  (bytes) =>
    pattern.test(root(bytes));

const KNOWN = {
  jpeg: startsWith(0xff, 0xd8, 0xff),
  png: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  webp: all(hasText("RIFF"), hasText("WEBP", 8)),
  gif: any(hasText("GIF87a"), hasText("GIF89a")),
  avif: hasBrand("avif", "avis"),
  tiff: any(
    startsWith(0x49, 0x49, 0x2a, 0x00),
    startsWith(0x4d, 0x4d, 0x00, 0x2a),
    startsWith(0x49, 0x49, 0x2b, 0x00),
    startsWith(0x4d, 0x4d, 0x00, 0x2b),
  ),
  // After avif, which has the general brands too.
  heic: hasBrand("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"),
  svg: opensWith(/^<(?:\w+:)?svg[\s>/]/i),
} satisfies Record<SourceFormat, Detector>;

/** Known well enough to be named in the reason; the first that matches wins. */
const OTHERS: readonly (readonly [name: string, detect: Detector])[] = [
  ["a PDF document", hasText("%PDF-")],
  ["a BMP image", all(hasText("BM"), (bytes) => bytes.length >= 26 && bytes[6] === 0 && bytes[7] === 0)],
  [
    "a JPEG XL image",
    any(startsWith(0xff, 0x0a), startsWith(0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20, 0x0d, 0x0a)),
  ],
  [
    "a JPEG 2000 image",
    any(startsWith(0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20), startsWith(0xff, 0x4f, 0xff, 0x51)),
  ],
  ["a Windows icon", startsWith(0, 0, 1, 0)],
  ["a Photoshop document", hasText("8BPS")],
  ["an OpenEXR image", startsWith(0x76, 0x2f, 0x31, 0x01)],
  ["a ZIP archive", startsWith(0x50, 0x4b, 0x03, 0x04)],
  ["a gzip archive", startsWith(0x1f, 0x8b)],
  ["a video", any(hasBrand("isom", "iso2", "mp41", "mp42", "qt  "), startsWith(0x1a, 0x45, 0xdf, 0xa3))],
  ["an HTML page", opensWith(/^<(?:!doctype html|html)[\s>]/i)],
];

/** The format that the first bytes of a file tell, if it is one that is processed, if only on a condition. */
export const knownFormat = (bytes: Uint8Array): SourceFormat | undefined =>
  KNOWN_FORMATS.find((candidate) => KNOWN[candidate](bytes));

/**
 * Tells an original's format by its first bytes; names and declared types are not looked at.
 * @throws PipelineError UNSUPPORTED_FORMAT, naming what came where it can be told
 */
export const sourceFormat = (bytes: Uint8Array): SourceFormat => {
  const format = knownFormat(bytes);
  if (format !== undefined) return format;
  const [name] = OTHERS.find(([, detect]) => detect(bytes)) ?? ["no kind of image that is known here"];
  throw new PipelineError(
    "UNSUPPORTED_FORMAT",
    `The file's content is ${name}; expected ${SOURCE_FORMATS.join(", ")}.`,
  );
};

/** How a notice calls a format, and what its files' names end with. */
export const SOURCE_FORMAT_FACTS = {
  jpeg: {
    name: "JPEG",
    types: ["image/jpeg", "image/jpg", "image/pjpeg"],
    extensions: ["jpg", "jpeg", "jpe", "jfif"],
  },
  png: { name: "PNG", types: ["image/png", "image/apng", "image/x-png"], extensions: ["png", "apng"] },
  webp: { name: "WebP", types: ["image/webp"], extensions: ["webp"] },
  gif: { name: "GIF", types: ["image/gif"], extensions: ["gif"] },
  avif: { name: "AVIF", types: ["image/avif", "image/avif-sequence"], extensions: ["avif", "avifs"] },
  tiff: { name: "TIFF", types: ["image/tiff", "image/tif"], extensions: ["tif", "tiff"] },
  heic: {
    name: "HEIC",
    types: ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
    extensions: ["heic", "heif", "hif"],
  },
  svg: { name: "SVG", types: ["image/svg+xml"], extensions: ["svg"] },
} as const satisfies Record<
  SourceFormat,
  { readonly name: string; readonly types: readonly string[]; readonly extensions: readonly string[] }
>;
