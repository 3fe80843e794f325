import * as z from "zod";
import type { Size } from "../geometry.ts";
import type { SourceFormat } from "../source/image-format.ts";

/** Properties of a rendition spec for originals that move. */
export const animationShape = {
  animated: z.boolean().optional().meta({
    description:
      "keeps a GIF or WebP moving, in webp and gif, with as many of its frames as `maxImagePixels` allows in all; `auto` is GIF then, and other formats show the first frame",
    values: "true, false",
    default: "false: the first frame",
  }),
};

/** Formats whose pages are frames: those of a TIFF are sheets of paper. */
const MOVING_FORMATS: readonly SourceFormat[] = ["gif", "webp"];

/** Pixels of all frames of one rendition, as decoded: 100 MB, and about as much again for what becomes of them. */
const MAX_DECODED_PIXELS = 25_000_000;

type Moving = Size & { readonly format: SourceFormat; readonly pages: number };

const pixels = ({ width, height }: Size): number => width * height;

/**
 * How many frames of an original an animated rendition shows; 1 when it does not move.
 * @param decoded the size that each frame is decoded to
 * @param maxPixels most pixels of the original's frames together
 */
export const framesOf = (image: Moving, decoded: Size, maxPixels: number): number => {
  if (!MOVING_FORMATS.includes(image.format)) return 1;
  const room = Math.min(maxPixels / pixels(image), MAX_DECODED_PIXELS / pixels(decoded));
  return Math.max(1, Math.min(image.pages, Math.floor(room)));
};
