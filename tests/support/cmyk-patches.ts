import { writeFile } from "node:fs/promises";
import sharp from "sharp";

const SIDE = 16;
const COLUMNS = 6;
const ROWS = 4;

/** A JPEG of patches, 6 by 4 of 16 pixels each, in CMYK with libvips' profile; the same bytes each time. */
export const cmykPatches = (): Promise<Buffer> => {
  const width = COLUMNS * SIDE;
  const data = Buffer.alloc(width * ROWS * SIDE * 3);
  for (let index = 0; index < data.length / 3; index += 1) {
    const column = Math.floor((index % width) / SIDE);
    const row = Math.floor(index / width / SIDE);
    data.set([(column * 51) & 255, (row * 85) & 255, ((column + row) * 31) & 255], index * 3);
  }
  return sharp(data, { raw: { width, height: ROWS * SIDE, channels: 3 } })
    .toColourspace("cmyk")
    .withIccProfile("cmyk")
    .jpeg({ quality: 98, chromaSubsampling: "4:4:4" })
    .toBuffer();
};

/** For tests/fixtures/make-references.py. */
export const writeCmykPatches = async (path: string): Promise<void> => writeFile(path, await cmykPatches());
