import { rgbaToThumbHash } from "thumbhash";
import type { Appearance } from "../../core/source/appearance.ts";
import { WHITE } from "../../core/spec/colour.ts";
import { fromPixels, type Pixels, pixelsOf } from "./pixels.ts";

/** Enough for a browser to blur into a hint of the image; its WebP has some 100 bytes. */
const PLACEHOLDER_SIDE = 16;

/** Enough to count colours in, and within the 100 pixels that a ThumbHash is made of. */
const SAMPLE_SIDE = 64;

const within = (side: number) =>
  ({ width: side, height: side, fit: "inside", withoutEnlargement: true }) as const;

const hex = (value: number): string => Math.round(value).toString(16).padStart(2, "0");

/**
 * The mean of the colours in the fullest of 4,096 bins, a sixteenth of each channel wide. sharp's `stats` has only
 * the bin, and takes ten times as long, since it measures much else.
 */
const dominantColour = ({ data, channels }: Pixels): string => {
  type Bin = { readonly sum: [red: number, green: number, blue: number]; count: number };
  const bins = new Map<number, Bin>();
  const isGrey = channels < 3;
  for (let at = 0; at < data.length; at += channels) {
    const red = data[at] ?? 0;
    const green = isGrey ? red : (data[at + 1] ?? 0);
    const blue = isGrey ? red : (data[at + 2] ?? 0);
    const index = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const bin = bins.get(index) ?? { sum: [0, 0, 0], count: 0 };
    bin.sum[0] += red;
    bin.sum[1] += green;
    bin.sum[2] += blue;
    bin.count += 1;
    bins.set(index, bin);
  }
  const fullest = [...bins.values()].reduce((most, bin) => (bin.count > most.count ? bin : most));
  return `#${fullest.sum.map((total) => hex(total / fullest.count)).join("")}`;
};

/** Looks at the whole image, made small. What is transparent counts as white. */
export const appearanceOf = async (image: Pixels): Promise<Appearance> => {
  const small = await pixelsOf(fromPixels(image).resize(within(SAMPLE_SIDE)));
  const placeholder = await fromPixels(small)
    .resize(within(PLACEHOLDER_SIDE))
    .webp({ quality: 40 })
    .toBuffer();
  const { data, size } = await pixelsOf(fromPixels(small).toColourspace("srgb").ensureAlpha());
  const thumbHash = rgbaToThumbHash(size.width, size.height, data);
  return {
    thumbHash: Buffer.from(thumbHash).toString("base64"),
    dominantColour: dominantColour(await pixelsOf(fromPixels(small).flatten({ background: WHITE }))),
    placeholder: `data:image/webp;base64,${placeholder.toString("base64")}`,
  };
};
