import * as z from "zod";

/** Sizes that one list of specs may come to, each of them in every format of its spec. */
export const MAX_VARIANTS = 60;

const MOST_WIDTHS = 12;

/** WebP's largest side, and so the largest box (https://developers.google.com/speed/webp/faq). */
export const MAX_SIDE_PIXELS = 16_383;

/** Pixels of a side. */
export const side = z
  .int("expected a whole number of pixels")
  .min(1, "expected at least 1 pixel")
  .max(MAX_SIDE_PIXELS, `expected at most ${MAX_SIDE_PIXELS} pixels, the largest side WebP can hold`);

const isUnique = (values: readonly number[]): boolean => new Set(values).size === values.length;

/** Properties of a rendition spec that make several sizes of it, for a page's `srcset`. */
export const variantShape = {
  dpr: z
    .array(z.literal([1, 1.5, 2, 3, 4], "expected 1, 1.5, 2, 3 or 4"))
    .min(1, "expected at least one ratio")
    .refine(isUnique, "expected different ratios")
    .optional()
    .meta({
      description:
        "the box once for each device pixel ratio: `avatar.webp`, `avatar-2x.webp`, `avatar-1-5x.webp`",
      values: "1, 1.5, 2, 3, 4",
      default: "[1]",
    }),
  widths: z
    .array(side)
    .min(1, "expected at least one width")
    .max(MOST_WIDTHS, `expected at most ${MOST_WIDTHS} widths`)
    .refine(isUnique, "expected different widths")
    .optional()
    .meta({
      description:
        "a rendition for each width: `hero-640w.webp`; `width` and `height` give the shape, or neither does",
      values: `1 to ${MOST_WIDTHS} widths in pixels`,
    }),
};

type Box = { readonly width?: number | undefined; readonly height?: number | undefined };

type VariantSpec = Box & z.output<z.ZodObject<typeof variantShape>> & { readonly name: string };

/** One size of a spec. */
export type Variant = Box & {
  readonly name: string;
  /** Length of a pixel of the box in pixels of the rendition. */
  readonly density: number;
};

const scaled = ({ width, height }: Box, factor: number): Box => ({
  width: width === undefined ? undefined : Math.max(1, Math.round(width * factor)),
  height: height === undefined ? undefined : Math.max(1, Math.round(height * factor)),
});

/** Every size of a spec: one, or one for each of its `dpr` or `widths`. */
export const variantsOf = ({ name, width, height, dpr, widths }: VariantSpec): readonly Variant[] => {
  if (widths !== undefined) {
    return widths.map((each) => ({
      name: `${name}-${each}w`,
      density: 1,
      ...(width === undefined ? { width: each } : { ...scaled({ height }, each / width), width: each }),
    }));
  }
  return (dpr ?? [1]).map((density) => ({
    name: density === 1 ? name : `${name}-${String(density).replace(".", "-")}x`,
    density,
    ...scaled({ width, height }, density),
  }));
};

/** What is wrong with a spec's `dpr` and `widths` together with its box. */
export const variantProblems = (
  spec: VariantSpec,
): readonly (readonly [property: "dpr" | "widths" | "width", message: string])[] => {
  if (spec.widths !== undefined && spec.dpr !== undefined) {
    return [["dpr", "expected dpr or widths, got both"]];
  }
  if (spec.widths !== undefined && (spec.width === undefined) !== (spec.height === undefined)) {
    return [
      ["widths", "expected both width and height, which give the box's shape, or neither, with widths"],
    ];
  }
  if (spec.widths === undefined && spec.dpr === undefined) return [];
  const longest = Math.max(...variantsOf(spec).flatMap(({ width = 0, height = 0 }) => [width, height]));
  return longest > MAX_SIDE_PIXELS
    ? [
        [
          spec.dpr === undefined ? "widths" : "dpr",
          `expected boxes of at most ${MAX_SIDE_PIXELS} pixels a side, got one of ${longest}`,
        ],
      ]
    : [];
};
