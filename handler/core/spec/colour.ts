import * as z from "zod";

/** Red, green and blue, 0 to 255. */
export type Rgb = { readonly r: number; readonly g: number; readonly b: number };

export const WHITE: Rgb = { r: 255, g: 255, b: 255 };

/** `#rrggbb` in a spec. */
export const colour = z.string().regex(/^#[0-9a-f]{6}$/i, "expected a colour such as #ffcc00");

/** @param hex `#rrggbb`, as a parsed spec has it */
export const rgb = (hex: string): Rgb => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return { r, g, b };
};
