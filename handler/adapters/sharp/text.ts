import { createRequire } from "node:module";
import sharp from "sharp";
import type { Rgb } from "../../core/spec/colour.ts";
import { fromPixels, type Pixels, pixelsOf } from "./pixels.ts";

/** Lambda has no fonts: this one is in the zip, under the same path as in the project. */
const FONT_FILE = createRequire(import.meta.url).resolve(
  "@polymer/font-roboto-local/fonts/roboto/Roboto-Medium.ttf",
);
const FONT = "Roboto Medium 72";

/** Pango reads its text as markup. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** How much of the letters' height their shadow is soft over, and how dark it is. */
const SHADOW = { softness: 1 / 24, strength: 1 } as const;

const isLight = ({ r, g, b }: Rgb): boolean => 0.2126 * r + 0.7152 * g + 0.0722 * b >= 128;

/** Letters of one colour on their shadow, which is dark behind light letters, so that they can be read on any image. */
const coloured = (letters: Pixels, shadow: Pixels, colour: Rgb): Pixels => {
  const behind = isLight(colour) ? 0 : 255;
  const data = new Uint8Array(letters.data.length * 4);
  for (const [index, value] of letters.data.entries()) {
    const ink = value / 255;
    const shade = ((shadow.data[index] ?? 0) / 255) * SHADOW.strength * (1 - ink);
    const alpha = ink + shade;
    if (alpha === 0) continue;
    data[index * 4] = Math.round((colour.r * ink + behind * shade) / alpha);
    data[index * 4 + 1] = Math.round((colour.g * ink + behind * shade) / alpha);
    data[index * 4 + 2] = Math.round((colour.b * ink + behind * shade) / alpha);
    data[index * 4 + 3] = Math.round(255 * alpha);
  }
  return { data, size: letters.size, channels: 4 };
};

/**
 * A line of text with its shadow, on transparency.
 * @param dpi dots per inch at 72 points, 1 or more: the letters' size
 */
export const textPixels = async (text: string, colour: Rgb, dpi: number): Promise<Pixels> => {
  const line = sharp({ text: { text: escaped(text), font: FONT, fontfile: FONT_FILE, dpi } });
  const tight = await pixelsOf(line.extractChannel(0));
  const softness = Math.max(0.5, dpi * SHADOW.softness);
  const room = Math.ceil(2 * softness);
  const around = { top: room, bottom: room, left: room, right: room, background: "black" };
  const letters = await pixelsOf(fromPixels(tight).extend(around).extractChannel(0));
  const shadow = await pixelsOf(fromPixels(letters).blur(softness).extractChannel(0));
  return coloured(letters, shadow, colour);
};
