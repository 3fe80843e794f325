import * as z from "zod";
import type { Corner, Size } from "../geometry.ts";
import { MAX_KEY_BYTES } from "../object-key.ts";
import { colour, type Rgb, rgb } from "./colour.ts";
import { PLACES, type Place } from "./framing.ts";

/** Largest image that is taken for a watermark, in bytes: it stays in memory between invocations. */
export const MAX_WATERMARK_BYTES = 2_097_152;

/** Most pixels of such an image. */
export const MAX_WATERMARK_PIXELS = 16_777_216;

/** What the owner does about a watermark that can't be used: uploads wait for it and end as dead letters. */
export const REPLACE_WATERMARK =
  "upload it again, or bring back its last version, which the source bucket keeps; then `npm run redrive` brings back what failed meanwhile.";

/**
 * Characters that the function's own font has (Roboto 2.138, Medium): Latin, Greek, Cyrillic, Vietnamese and common
 * signs. Any other would be drawn as an empty box.
 */
export const WATERMARK_TEXT =
  /^[\u0020-\u007E\u00A0-\u017F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u03CE\u0400-\u0482\u048A-\u0513\u1EA0-\u1EF9\u2013\u2014\u2018-\u201A\u201C-\u201E\u2022\u2026\u20AC\u2116\u2122]+$/;

const part = (least: number, most: number) =>
  z
    .number("expected a number")
    .min(least, `expected at least ${least}`)
    .max(most, `expected at most ${most}`);

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** A watermark in a rendition spec. */
export const watermarkSchema = z
  .strictObject({
    image: z
      .string()
      .min(1, "expected at least one character")
      .refine((key) => bytes(key) <= MAX_KEY_BYTES, `expected at most ${MAX_KEY_BYTES} bytes`)
      .optional()
      .meta({
        description:
          "key of an image in the source bucket, of at most 2 MiB and 16 megapixels; itself never processed as an original",
        values: "1 to 1,024 bytes",
      }),
    text: z
      .string()
      .min(1, "expected at least one character")
      .max(100, "expected at most 100 characters")
      .regex(WATERMARK_TEXT, "expected Latin, Greek or Cyrillic letters, digits and common signs")
      .refine((text) => text.trim() !== "", "expected more than space")
      .optional()
      .meta({
        description: "one line of text in place of an image",
        values: "1 to 100 Latin, Greek or Cyrillic letters, digits and signs",
      }),
    colour: colour.optional().meta({
      description: "the text's; its shadow is dark behind a light one, light behind a dark one",
      values: "#rrggbb",
      default: "#ffffff",
    }),
    position: z.enum(PLACES).optional().meta({
      description: "where it stands",
      values: "centre, top, right top, ...",
      default: "right bottom",
    }),
    scale: part(0.01, 1).optional().meta({
      description: "most of the rendition's width, and of its height, that it takes",
      values: "0.01 to 1",
      default: "0.25",
    }),
    opacity: part(0.01, 1)
      .optional()
      .meta({ description: "1 hides what is behind it", values: "0.01 to 1", default: "0.5" }),
    margin: part(0, 0.5).optional().meta({
      description: "distance from the edges, or between tiles: a part of the rendition's shorter side",
      values: "0 to 0.5",
      default: "0.03",
    }),
    tile: z.boolean().optional().meta({
      description: "covers the rendition with it again and again",
      values: "true, false",
      default: "false",
    }),
    minSide: z.int("expected a whole number of pixels").min(1, "expected at least 1 pixel").optional().meta({
      description: "smaller renditions, by their longer side in pixels, are not marked",
      values: "1 or more",
      default: "1",
    }),
  })
  .superRefine(({ image, text, colour, position, tile }, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: path === "" ? [] : [path], message });
    if ((image === undefined) === (text === undefined)) {
      problem("", `expected an image or a text, got ${image === undefined ? "neither" : "both"}`);
    }
    if (image !== undefined && colour !== undefined) {
      problem("colour", "expected no colour with an image: only a text takes one");
    }
    if (tile === true && position !== undefined) {
      problem("position", "expected no position with tile: it is everywhere");
    }
  });

export type WatermarkSpec = z.output<typeof watermarkSchema>;

/** What a rendition is marked with, in its own pixels. */
export type Watermark = {
  readonly mark:
    | { readonly kind: "image"; readonly key: string }
    | { readonly kind: "text"; readonly text: string; readonly colour: Rgb };
  /** It is made as large as fits into this. */
  readonly box: Size;
  readonly margin: number;
  readonly opacity: number;
  readonly position: Place | "tile";
};

/** The watermark of a rendition of this size; `undefined` when it is too small for one. */
export const watermarkOf = (spec: WatermarkSpec, { width, height }: Size): Watermark | undefined => {
  const { image, text, scale = 0.25, opacity = 0.5, margin = 0.03, position, tile, minSide = 1 } = spec;
  if (Math.max(width, height) < minSide) return undefined;
  const length = (side: number): number => Math.max(1, Math.round(side * scale));
  return {
    mark:
      image === undefined
        ? { kind: "text", text: text ?? "", colour: rgb(spec.colour ?? "#ffffff") }
        : { kind: "image", key: image },
    box: { width: length(width), height: length(height) },
    margin: Math.round(Math.min(width, height) * margin),
    opacity,
    position: tile === true ? "tile" : (position ?? "right bottom"),
  };
};

/** A mark's size, in its own shape, as large as the box allows. */
export const markSize = (own: Size, box: Size): Size => {
  const factor = Math.min(box.width / own.width, box.height / own.height);
  return {
    width: Math.min(box.width, Math.max(1, Math.round(own.width * factor))),
    height: Math.min(box.height, Math.max(1, Math.round(own.height * factor))),
  };
};

const BEFORE = /left|west/;
const AFTER = /right|east/;
const ABOVE = /top|north/;
const BELOW = /bottom|south/;

/** Where a mark of that size stands; in the middle along an axis on which its margins leave it no room. */
export const markCorner = (size: Size, mark: Size, place: Place, margin: number): Corner => {
  const start = (length: number, own: number, isFirst: boolean, isLast: boolean): number => {
    const room = length - own;
    if (!(isFirst || isLast) || room < 2 * margin) return Math.floor(room / 2);
    return isFirst ? margin : room - margin;
  };
  return {
    left: start(size.width, mark.width, BEFORE.test(place), AFTER.test(place)),
    top: start(size.height, mark.height, ABOVE.test(place), BELOW.test(place)),
  };
};

/** Every property of a watermark, for the documentation. */
export const WATERMARK_PROPERTIES: Readonly<Record<string, z.ZodType>> = watermarkSchema.shape;
