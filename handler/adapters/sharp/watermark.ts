import sharp from "sharp";
import { PipelineError } from "../../core/errors.ts";
import { sourceFormat } from "../../core/source/image-format.ts";
import {
  MAX_WATERMARK_PIXELS,
  markCorner,
  markSize,
  REPLACE_WATERMARK,
  type Watermark,
} from "../../core/spec/watermark.ts";
import type { Watermarks } from "../../ports/renditions.ts";
import { fromPixels, laidOver, type Pixels, pixelsOf, tiledOver } from "./pixels.ts";
import { textPixels } from "./text.ts";

/** Watermarks by their keys, decoded. */
export type Marks = ReadonlyMap<string, Pixels>;

const decodedMark = async (key: string, bytes: Uint8Array): Promise<Pixels> => {
  try {
    sourceFormat(bytes);
    const mark = sharp(bytes, {
      autoOrient: true,
      failOn: "error",
      limitInputPixels: MAX_WATERMARK_PIXELS,
    });
    return await pixelsOf(mark.toColourspace("srgb").ensureAlpha());
  } catch (cause) {
    const reason = cause instanceof PipelineError ? cause.message : "It cannot be decoded.";
    throw new PipelineError(
      "WATERMARK_UNUSABLE",
      `The watermark ${key} is no image that can be used: ${reason} To mend it, ${REPLACE_WATERMARK}`,
      { cause },
    );
  }
};

/**
 * Decodes watermarks.
 * @throws PipelineError WATERMARK_UNUSABLE
 */
export const decodedMarks = async (watermarks: Watermarks): Promise<Marks> => {
  const marks = new Map<string, Pixels>();
  for (const [key, bytes] of watermarks) marks.set(key, await decodedMark(key, bytes));
  return marks;
};

/** Points at which a text is drawn first, to learn its shape; then it is drawn as large as it is needed. */
const DRAFT_DPI = 72;

const scaledMark = async ({ mark, box }: Watermark, marks: Marks): Promise<Pixels> => {
  const to = (pixels: Pixels, size: Pixels["size"]) =>
    pixelsOf(fromPixels(pixels).resize({ ...size, fit: "fill" }));
  if (mark.kind === "text") {
    const draft = await textPixels(mark.text, mark.colour, DRAFT_DPI);
    const size = markSize(draft.size, box);
    const dpi = Math.max(1, Math.ceil((DRAFT_DPI * size.width) / draft.size.width));
    return to(await textPixels(mark.text, mark.colour, dpi), size);
  }
  const pixels = marks.get(mark.key);
  // Never an unmarked rendition in its place.
  if (pixels === undefined) {
    throw new PipelineError("WATERMARK_UNUSABLE", `The watermark ${mark.key} was not read.`);
  }
  return to(pixels, markSize(pixels.size, box));
};

/** Lays a watermark over a rendition. */
export const marked = async (image: Pixels, watermark: Watermark, marks: Marks): Promise<Pixels> => {
  const { opacity, position, margin } = watermark;
  const mark = await scaledMark(watermark, marks);
  const faded = await pixelsOf(fromPixels(mark).linear([1, 1, 1, opacity], [0, 0, 0, 0]));
  return position === "tile"
    ? tiledOver(image, faded, margin)
    : laidOver(image, [{ pixels: faded, ...markCorner(image.size, faded.size, position, margin) }]);
};
