import { PipelineError } from "../errors.ts";
import type { ImageHeader } from "../source/header/header.ts";
import type { SourceFormat } from "../source/image-format.ts";
import type { Area, ImageLimits } from "../source/limits.ts";
import { area, count } from "../source/limits.ts";
import { formatFacts, type RenditionFormat } from "../spec/format.ts";

const MIB = 1024 ** 2;

/**
 * What the function takes whatever the image: two processes of Node.js, the AWS SDK, libvips' code, and an upload of
 * common size that is read meanwhile. Measured: 83 MiB and 103 MiB, sharp 0.35.5 on linux-x64.
 */
const BASE_BYTES = 240 * MIB;

/** A file lies in both processes. */
const FILE_COPIES = 2;

/**
 * Most bytes that libvips takes for a pixel of the original while it decodes it: `streamed` where it goes through
 * it row by row, `whole` where the file or the format wants all of it at once. Measured as the peak of resident memory
 * over 24 megapixels, less what the renditions take, and rounded up: progressive JPEG 6.7 (4 channels 9), interlaced
 * PNG 3.7 (16 bits and alpha 8), lossless WebP 4.4, GIF 5.2, AVIF 18.9, and 1 for the search for transparency.
 */
const DECODE_BYTES = {
  jpeg: { streamed: 0.5, whole: 9 },
  png: { streamed: 2, whole: 9 },
  webp: { streamed: 5.5, whole: 5.5 },
  gif: { streamed: 6.5, whole: 6.5 },
  avif: { streamed: 20, whole: 20 },
  tiff: { streamed: 2.5, whole: 9 },
  heic: { streamed: 0.5, whole: 9 },
  svg: { streamed: 9, whole: 9 },
} as const satisfies Record<SourceFormat, { readonly streamed: number; readonly whole: number }>;

/** Bytes for a pixel that is held uncompressed: 8 bits, 4 channels. */
const HELD_BYTES = 4;

/** Bytes of memory that a file and its decoding take, by its header. */
export const decodeBytes = (
  format: SourceFormat,
  header: ImageHeader | undefined,
  size: Area,
  fileBytes: number,
): number => {
  const { streamed, whole } = DECODE_BYTES[format];
  const held = Math.max(0, (header?.heldPixels ?? 0) - area(size)) * whole;
  return FILE_COPIES * fileBytes + area(size) * (header?.isWhole === true ? whole : streamed) + held;
};

/** One plan's work: its pixels, of which each of its files is encoded. */
type Work = {
  readonly size: Area;
  /** Of an animation: how many, and the size that each is decoded to. */
  readonly frames?: number | undefined;
  readonly source?: Area | undefined;
  readonly renditions: readonly { readonly format: RenditionFormat }[];
};

/** Bytes of memory that all the work on an image takes at its peak: the costliest files are encoded at once. */
export const workBytes = (decoding: number, decoded: Area, works: readonly Work[], lanes = 1): number => {
  const encoding = works.flatMap(({ size, frames, source = size, renditions }) =>
    renditions.map(
      ({ format }) =>
        (frames ?? 1) * area(size) * (HELD_BYTES + formatFacts(format).encodingBytes) +
        (frames ?? 0) * area(source) * HELD_BYTES,
    ),
  );
  const atOnce = encoding.toSorted((a, b) => b - a).slice(0, lanes);
  return BASE_BYTES + decoding + area(decoded) * HELD_BYTES + atOnce.reduce((sum, bytes) => sum + bytes, 0);
};

/**
 * Judges the memory that an image would take.
 * @throws PipelineError TOO_MUCH_MEMORY
 */
export const refuseTooMuchMemory = (bytes: number, { memoryBytes }: ImageLimits): void => {
  if (memoryBytes === undefined || bytes <= memoryBytes) return;
  throw new PipelineError(
    "TOO_MUCH_MEMORY",
    `Its renditions would take about ${count(Math.ceil(bytes / MIB))} MiB of memory to make; the function has ${count(Math.floor(memoryBytes / MIB))}.`,
  );
};
