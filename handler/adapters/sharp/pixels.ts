import sharp, { type OverlayOptions, type Sharp } from "sharp";
import type { Size } from "../../core/plan/plan.ts";

/** Uncompressed pixels, 8 bits a channel, sRGB: 3 channels, or 4 with alpha that is not premultiplied. */
export type Pixels = {
  readonly data: Uint8Array;
  readonly size: Size;
  readonly channels: 1 | 2 | 3 | 4;
  /** Of frames one below the other: the height of one, milliseconds that each stays, and how often all are shown. */
  readonly animation?: { readonly pageHeight: number; readonly delay: number[]; readonly loop: number };
};

const OPAQUE = 255;

export const pixelsOf = async (pipeline: Sharp): Promise<Pixels> => {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { data, size: { width: info.width, height: info.height }, channels: info.channels };
};

/** `limitInputPixels` is off since these pixels were counted before they were decoded. */
export const fromPixels = ({ data, size, channels, animation }: Pixels): Sharp =>
  sharp(data, {
    raw: { ...size, channels, ...(animation === undefined ? {} : { pageHeight: animation.pageHeight }) },
    limitInputPixels: false,
  });

export const hasAlpha = ({ channels }: Pixels): boolean => channels === 2 || channels === 4;

const rawInput = ({ data, size, channels }: Pixels) => ({
  input: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  raw: { ...size, channels },
});

/** What was opaque stays so, whatever lies over it. */
const composited = async (image: Pixels, overlays: readonly OverlayOptions[]): Promise<Pixels> => {
  const pixels = await pixelsOf(fromPixels(image).composite([...overlays]));
  return hasAlpha(image) ? pixels : pixelsOf(fromPixels(pixels).removeAlpha());
};

export type Overlay = { readonly pixels: Pixels; readonly left: number; readonly top: number };

/** Lays pixels over others. */
export const laidOver = (image: Pixels, overlays: readonly Overlay[]): Promise<Pixels> =>
  composited(
    image,
    overlays.map(({ pixels, left, top }) => ({ ...rawInput(pixels), left, top })),
  );

/** Covers an image with pixels of at most its size again and again, from its middle on. */
export const tiledOver = async (image: Pixels, tile: Pixels, gap: number): Promise<Pixels> => {
  const right = Math.min(gap, image.size.width - tile.size.width);
  const bottom = Math.min(gap, image.size.height - tile.size.height);
  const spaced = await pixelsOf(
    fromPixels(tile).extend({ right, bottom, background: { r: 0, g: 0, b: 0, alpha: 0 } }),
  );
  return composited(image, [{ ...rawInput(spaced), tile: true, gravity: "centre" }]);
};

/** The last channel holds nothing but 255. A loop over bytes: a 50-megapixel image has 50 million. */
export const isOpaque = ({ data, channels }: Pixels): boolean => {
  for (let index = channels - 1; index < data.length; index += channels) {
    if (data[index] !== OPAQUE) return false;
  }
  return true;
};

export const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
