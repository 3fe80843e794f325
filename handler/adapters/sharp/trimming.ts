import type { Sharp } from "sharp";
import type { Content } from "../../core/geometry.ts";
import { fromPixels, pixelsOf } from "./pixels.ts";

/**
 * What is left of an image without edges of one colour, by each threshold.
 * @param original opened, with nothing done to it
 */
export const contentsOf = async (
  original: Sharp,
  thresholds: readonly number[],
): Promise<readonly Content[]> => {
  // Upright first: in one pipeline, sharp would tell the place in the image as it is stored.
  const image = await pixelsOf(original);
  const contents: Content[] = [];
  for (const threshold of thresholds) {
    const { info } = await fromPixels(image)
      .trim({ threshold })
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    // sharp tells how far the image moves, to the left and up.
    const { width, height, trimOffsetLeft = 0, trimOffsetTop = 0 } = info;
    contents.push({ threshold, left: 0 - trimOffsetLeft, top: 0 - trimOffsetTop, width, height });
  }
  return contents;
};
