import * as z from "zod";

/** How pixels are weighed when an image is made smaller; sharp's names (https://sharp.pixelplumbing.com/api-resize/). */
export const KERNELS = ["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"] as const;

/** Red, green and blue, 0 to 255. */
export type Rgb = { readonly r: number; readonly g: number; readonly b: number };

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, "expected a colour such as #ffcc00");

const sigma = (most: number) =>
  z.number("expected a number").min(0.3, "expected at least 0.3").max(most, `expected at most ${most}`);

/** Properties of a rendition spec that change its pixels, in the order in which they are done. */
export const operationShape = {
  /** @default "lanczos3" */
  kernel: z.enum(KERNELS).optional(),
  /** @default false */
  grayscale: z.boolean().optional(),
  /** Sigma of a Gaussian blur in pixels of the box, 0.3 to 100. */
  blur: sigma(100).optional(),
  /** Sigma of the Gaussian mask in pixels of the rendition, 0.3 to 10; about 0.5 is what a small picture bears. */
  sharpen: sigma(10).optional(),
  /**
   * What stands behind transparency and in the padding of a contain: `#rrggbb`, or `transparent` for the padding
   * alone. @default transparency is kept, padding is white or, with transparency, transparent
   */
  background: z
    .string()
    .regex(/^(?:transparent|#[0-9A-Fa-f]{6})$/, "expected a colour such as #ffcc00, or transparent")
    .optional(),
  /** A frame around the rendition, outside of its box: 1 to 1000 pixels of the box wide. */
  border: z
    .strictObject({
      width: z
        .int("expected a whole number of pixels")
        .min(1, "expected at least 1 pixel")
        .max(1000, "expected at most 1000 pixels"),
      /** @default "#ffffff" */
      colour: colour.optional(),
    })
    .optional(),
  /** Radius in pixels of the box, 1 to 8191, or `circle`: an ellipse as large as the rendition, a circle when that is square. */
  cornerRadius: z
    .union([z.literal("circle"), z.int().min(1).max(8191)], "expected 1 to 8191 pixels, or circle")
    .optional(),
};

/** The part of a parsed spec that changes pixels. */
export type OperationSpec = z.output<z.ZodObject<typeof operationShape>>;

/** What is done to a rendition's pixels; what is absent is not done. */
export type Operations = {
  readonly kernel?: (typeof KERNELS)[number];
  readonly grayscale?: true;
  readonly blur?: number;
  readonly sharpen?: number;
  readonly background?: Rgb | "transparent";
  readonly border?: { readonly width: number; readonly colour: Rgb };
  /** Radii of the corners in pixels, at most half of the rendition's sides. */
  readonly corners?: { readonly x: number; readonly y: number };
};

type Size = { readonly width: number; readonly height: number };

/** @param hex `#rrggbb`, as a parsed spec has it */
const rgb = (hex: string): Rgb => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return { r, g, b };
};

const cornersOf = (radius: number | "circle", { width, height }: Size, density: number) => {
  if (radius === "circle") return { x: width / 2, y: height / 2 };
  const length = Math.min(radius * density, width / 2, height / 2);
  return { x: length, y: length };
};

/** What a border of the spec adds to either side, in pixels. */
export const borderWidth = ({ border }: OperationSpec, density: number): number =>
  border === undefined ? 0 : Math.round(border.width * density);

/**
 * @param size the rendition's, border included
 * @param density pixels of the rendition for a pixel of the box
 */
export const operationsOf = (spec: OperationSpec, size: Size, density: number): Operations => ({
  ...(spec.kernel === undefined ? {} : { kernel: spec.kernel }),
  ...(spec.grayscale === true ? { grayscale: true } : {}),
  ...(spec.blur === undefined ? {} : { blur: spec.blur * density }),
  ...(spec.sharpen === undefined ? {} : { sharpen: spec.sharpen }),
  ...(spec.background === undefined
    ? {}
    : { background: spec.background === "transparent" ? spec.background : rgb(spec.background) }),
  ...(spec.border === undefined
    ? {}
    : { border: { width: borderWidth(spec, density), colour: rgb(spec.border.colour ?? "#ffffff") } }),
  ...(spec.cornerRadius === undefined ? {} : { corners: cornersOf(spec.cornerRadius, size, density) }),
});
