import type { Operations } from "../../core/operations.ts";
import { fromPixels, type Pixels, pixelsOf } from "./pixels.ts";

/** Weights of red, green and blue in brightness (ITU-R BT.709, 3.2). */
const LUMA: [number, number, number] = [0.2126, 0.7152, 0.0722];

/** Each operation by itself, in the order in which they are done. */
const OPERATIONS: readonly ((image: Pixels, operations: Operations) => Promise<Pixels> | undefined)[] = [
  // Not sharp's own greyscale, whose raw pixels lose their alpha.
  (image, { grayscale }) => (grayscale ? pixelsOf(fromPixels(image).recomb([LUMA, LUMA, LUMA])) : undefined),
  (image, { blur }) => (blur === undefined ? undefined : pixelsOf(fromPixels(image).blur(blur))),
  (image, { sharpen }) =>
    sharpen === undefined ? undefined : pixelsOf(fromPixels(image).sharpen({ sigma: sharpen })),
  (image, { background }) =>
    background === undefined || background === "transparent"
      ? undefined
      : pixelsOf(fromPixels(image).flatten({ background })),
  (image, { border }) => {
    if (border === undefined) return undefined;
    const { width, colour } = border;
    const sides = { top: width, bottom: width, left: width, right: width };
    return pixelsOf(fromPixels(image).extend({ ...sides, background: { ...colour, alpha: 1 } }));
  },
  async (image, { corners }) =>
    corners === undefined ? image : rounded(await pixelsOf(fromPixels(image).ensureAlpha()), corners),
];

/**
 * Makes the corners transparent outside of an ellipse. By bytes, since libvips' drawing would need its SVG loader,
 * which stays shut here. The edge's alpha is its distance from the ellipse, to half a pixel.
 */
const rounded = ({ data, size, channels }: Pixels, { x, y }: { x: number; y: number }): Pixels => {
  const cut = Uint8Array.from(data);
  const { width, height } = size;
  for (let row = 0; row < height; row += 1) {
    const fromEdge = Math.min(row, height - 1 - row) + 0.5;
    if (fromEdge >= y) continue;
    const v = (y - fromEdge) / y;
    for (let column = 0; column + 0.5 < x; column += 1) {
      const u = (x - column - 0.5) / x;
      const radius = Math.hypot(u, v);
      // First-order distance to the ellipse: its implicit function over the length of its gradient.
      const distance = radius === 0 ? -1 : ((radius - 1) * radius) / Math.hypot(u / x, v / y);
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      if (cover === 1) break;
      for (const at of [column, width - 1 - column]) {
        const alpha = (row * width + at + 1) * channels - 1;
        cut[alpha] = Math.round((data[alpha] ?? 0) * cover);
      }
    }
  }
  return { data: cut, size, channels };
};

/** Does what a plan says to the pixels of a rendition. */
export const operated = async (image: Pixels, operations: Operations): Promise<Pixels> => {
  let pixels = image;
  for (const operate of OPERATIONS) pixels = (await operate(pixels, operations)) ?? pixels;
  return pixels;
};
