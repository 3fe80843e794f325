import sharp, { type Sharp } from "sharp";

/** A gradient, as small as an image that still has renditions of every size. */
export const gradient = (width: number, height: number): Sharp => {
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index += 1) {
    pixels[index * 3] = ((index % width) * 255) / width;
    pixels[index * 3 + 1] = (Math.floor(index / width) * 255) / height;
    pixels[index * 3 + 2] = 90;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
};
