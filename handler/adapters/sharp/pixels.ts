import sharp, { type Sharp } from "sharp";
import type { Size } from "../../core/plan.ts";

/** Uncompressed pixels, 8 bits a channel, sRGB: 3 channels, or 4 with alpha that is not premultiplied. */
export type Pixels = { readonly data: Uint8Array; readonly size: Size; readonly channels: 1 | 2 | 3 | 4 };

const OPAQUE = 255;

export const pixelsOf = async (pipeline: Sharp): Promise<Pixels> => {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { data, size: { width: info.width, height: info.height }, channels: info.channels };
};

/** `limitInputPixels` is off since these pixels were counted before they were decoded. */
export const fromPixels = ({ data, size, channels }: Pixels): Sharp =>
  sharp(data, { raw: { ...size, channels }, limitInputPixels: false });

export const hasAlpha = ({ channels }: Pixels): boolean => channels === 2 || channels === 4;

export type Overlay = { readonly pixels: Pixels; readonly left: number; readonly top: number };

/** Lays pixels over others; what was opaque stays so. Parts outside of the image are cut. */
export const laidOver = async (image: Pixels, overlays: readonly Overlay[]): Promise<Pixels> => {
  const composited = fromPixels(image).composite(
    overlays.map(({ pixels: { data, size, channels }, left, top }) => ({
      input: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      raw: { ...size, channels },
      left,
      top,
    })),
  );
  const pixels = await pixelsOf(composited);
  return hasAlpha(image) ? pixels : pixelsOf(fromPixels(pixels).removeAlpha());
};

/** The last channel holds nothing but 255. A loop over bytes: a 50-megapixel image has 50 million. */
export const isOpaque = ({ data, channels }: Pixels): boolean => {
  for (let index = channels - 1; index < data.length; index += channels) {
    if (data[index] !== OPAQUE) return false;
  }
  return true;
};

export const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
