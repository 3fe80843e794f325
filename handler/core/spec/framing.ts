import * as z from "zod";

/** How a rendition fits its box; the words and their meaning are sharp's (https://sharp.pixelplumbing.com/api-resize/). */
export const FITS = ["cover", "contain", "fill", "inside", "outside"] as const;

/** Places on an image; sharp's names. */
export const PLACES = [
  "centre",
  "center",
  "top",
  "right top",
  "right",
  "right bottom",
  "bottom",
  "left bottom",
  "left",
  "left top",
  "north",
  "northeast",
  "east",
  "southeast",
  "south",
  "southwest",
  "west",
  "northwest",
] as const;

const STRATEGIES = ["entropy", "attention"] as const;

/** Where a `cover` crops and a `contain` places the image; sharp's names. */
export const POSITIONS = [...PLACES, ...STRATEGIES] as const;

/** How pixels are weighed when an image is made smaller; sharp's names (https://sharp.pixelplumbing.com/api-resize/). */
export const KERNELS = ["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"] as const;

const part = z.number("expected a number").min(0, "expected at least 0").max(1, "expected at most 1");

/** Properties of a rendition spec that turn the image and fit it into its box. */
export const framingShape = {
  fit: z
    .enum(FITS)
    .default("inside")
    .meta({
      example: { width: 240, height: 240, fit: "cover" },
      description:
        "how the image fits the box, in [sharp's words](https://sharp.pixelplumbing.com/api-resize/)",
      values: FITS.join(", "),
      default: "inside",
    }),
  position: z
    .union(
      [z.enum(POSITIONS), z.strictObject({ x: part, y: part })],
      `expected one of ${POSITIONS.join(", ")}, or a point such as { x: 0.5, y: 0.3 }`,
    )
    .optional()
    .meta({
      example: { width: 160, height: 213, fit: "cover", position: { x: 0.24, y: 0.8 } },
      description:
        "what a cover keeps, where a contain stands; a point is what a cover keeps in its middle, from 0 at the left and top to 1",
      values: "centre, top, right top, ..., entropy, attention; `{ x: 0.5, y: 0.3 }`",
      default: "centre",
    }),
  rotate: z
    .literal([90, 180, 270], "expected 90, 180 or 270")
    .optional()
    .meta({
      example: { rotate: 90 },
      description: "turns the image clockwise, besides what its EXIF orientation says",
      values: "90, 180, 270",
    }),
  flip: z
    .boolean()
    .optional()
    .meta({
      example: { flip: true },
      description: "mirrors it top to bottom",
      values: "true, false",
      default: "false",
    }),
  flop: z
    .boolean()
    .optional()
    .meta({
      example: { flop: true },
      description: "mirrors it left to right",
      values: "true, false",
      default: "false",
    }),
  kernel: z
    .enum(KERNELS)
    .optional()
    .meta({
      example: { width: 64, kernel: "nearest" },
      description: "how pixels are weighed in scaling; `nearest` for pixel art",
      values: KERNELS.join(", "),
      default: "lanczos3",
    }),
};

/** The part of a parsed spec that turns and frames. */
export type FramingSpec = z.output<z.ZodObject<typeof framingShape>>;

export type Fit = FramingSpec["fit"];
export type Place = (typeof PLACES)[number];
export type Position = (typeof POSITIONS)[number];
export type Kernel = (typeof KERNELS)[number];

/** A point of an image: 0 is its left and top, 1 its right and bottom. */
export type Point = { readonly x: number; readonly y: number };

const isStrategy = (position: Position): boolean => STRATEGIES.some((strategy) => strategy === position);

type Box = { readonly width?: number | undefined; readonly height?: number | undefined };

/** What is wrong with a spec's framing together with its box, whose sides may come from `widths`. */
export const framingProblems = (
  {
    fit,
    position,
    width,
    height,
    background,
  }: FramingSpec & Box & { readonly background?: string | undefined },
  hasNoBox: boolean,
): readonly (readonly [property: string, message: string])[] => {
  const problems: (readonly [string, string])[] = [];
  if (fit === "cover" && !hasNoBox && (width === undefined || height === undefined)) {
    problems.push([
      width === undefined ? "width" : "height",
      "expected both width and height with fit cover",
    ]);
  }
  if (background === "blurred" && fit !== "contain") {
    problems.push(["background", `expected no blurred background with fit ${fit}: only a contain is padded`]);
  }
  if (position === undefined) return problems;
  if (fit !== "cover" && fit !== "contain") {
    problems.push(["position", `expected no position with fit ${fit}: it only moves a cover or a contain`]);
  }
  if (fit === "contain" && (typeof position === "object" || isStrategy(position))) {
    problems.push([
      "position",
      `expected a place such as top with fit contain, got ${typeof position === "object" ? "a point" : position}`,
    ]);
  }
  return problems;
};
