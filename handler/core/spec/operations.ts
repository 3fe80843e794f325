import * as z from "zod";
import type { Size } from "../geometry.ts";
import { colour, rgb } from "./colour.ts";
import type { Step } from "./pixel-steps.ts";
import { watermarkOf, watermarkSchema } from "./watermark.ts";

/** A rendition that is being planned. */
export type Planned = {
  /** Its size in pixels, border included. */
  readonly size: Size;
  /** Its size without the border. */
  readonly framed: Size;
  /** Its pixels for a pixel of the box. */
  readonly density: number;
};

/** What an operation comes to for one rendition. */
type Operation = { readonly steps: (value: z.$output, planned: Planned) => readonly Step[] };

const operations = z.registry<Operation>();

const sigma = (most: number) =>
  z.number("expected a number").min(0.3, "expected at least 0.3").max(most, `expected at most ${most}`);

const factor = (most: number) =>
  z.number("expected a number").min(0, "expected at least 0").max(most, `expected at most ${most}`);

const pixels = (least: number, most: number) =>
  z
    .int("expected a whole number of pixels")
    .min(least, `expected at least ${least} pixel${least === 1 ? "" : "s"}`)
    .max(most, `expected at most ${most} pixels`);

/** Weights of red, green and blue in brightness (ITU-R BT.709, 3.2), those of CSS's filters. */
const LUMA = { red: 0.2126, green: 0.7152, blue: 0.0722 } as const;

/** Colours as far from grey as `amount` says: 0 is grey, 1 is unchanged. */
const saturated = (amount: number): Step => {
  const { red, green, blue } = LUMA;
  const rest = 1 - amount;
  return {
    name: "recomb",
    value: [
      [red * rest + amount, green * rest, blue * rest],
      [red * rest, green * rest + amount, blue * rest],
      [red * rest, green * rest, blue * rest + amount],
    ],
  };
};

const borderSchema = z.strictObject({ width: pixels(1, 1000), colour: colour.optional() });

/** What a border adds to either side, in pixels of the rendition. */
export const borderWidth = (border: z.output<typeof borderSchema> | undefined, density: number): number =>
  border === undefined ? 0 : Math.round(border.width * density);

const cornersOf = (radius: number | "circle", { size: { width, height }, density }: Planned) => {
  if (radius === "circle") return { x: width / 2, y: height / 2 };
  const length = Math.min(radius * density, width / 2, height / 2);
  return { x: length, y: length };
};

/**
 * The operations: properties of a rendition spec that change its pixels, in the order in which they are done, each
 * with its schema, its row in the documentation, and the steps that it comes to.
 */
export const operationShape = {
  grayscale: z
    .boolean()
    .optional()
    .meta({
      example: { grayscale: true },
      description: "takes the colours out",
      values: "true, false",
      default: "false",
    })
    .register(operations, { steps: (isOn) => (isOn ? [saturated(0)] : []) }),
  saturation: factor(10)
    .optional()
    .meta({
      example: { saturation: 2 },
      description: "colours less or more vivid, as CSS's `saturate()`; 0 is grey",
      values: "0 to 10",
      default: "1",
    })
    .register(operations, { steps: (amount) => (amount === undefined ? [] : [saturated(amount)]) }),
  brightness: factor(10)
    .optional()
    .meta({
      example: { brightness: 1.3 },
      description: "darker or brighter, as CSS's `brightness()`; 0 is black",
      values: "0 to 10",
      default: "1",
    })
    .register(operations, {
      steps: (amount) =>
        amount === undefined ? [] : [{ name: "linear", value: { factor: amount, offset: 0 } }],
    }),
  contrast: factor(10)
    .optional()
    .meta({
      example: { contrast: 1.5 },
      description: "nearer to or further from middle grey, as CSS's `contrast()`",
      values: "0 to 10",
      default: "1",
    })
    .register(operations, {
      steps: (amount) =>
        amount === undefined ? [] : [{ name: "linear", value: { factor: amount, offset: (1 - amount) / 2 } }],
    }),
  pixelate: pixels(2, 1000)
    .optional()
    .meta({
      example: { pixelate: 12 },
      description: "squares of one colour, for what must not be seen",
      values: "2 to 1,000 pixels",
    })
    .register(operations, {
      steps: (side, { density }) =>
        side === undefined ? [] : [{ name: "pixelate", value: Math.round(side * density) }],
    }),
  blur: sigma(100)
    .optional()
    .meta({
      example: { blur: 4 },
      description: "sigma of a Gaussian blur in pixels",
      values: "0.3 to 100",
    })
    .register(operations, {
      steps: (radius, { density }) =>
        radius === undefined ? [] : [{ name: "blur", value: radius * density }],
    }),
  sharpen: sigma(10)
    .optional()
    .meta({
      example: { sharpen: 2 },
      description: "sigma of the sharpening mask in pixels; about 0.5 is what a small picture bears",
      values: "0.3 to 10",
    })
    .register(operations, {
      steps: (radius) => (radius === undefined ? [] : [{ name: "sharpen", value: radius }]),
    }),
  background: z
    .string()
    .regex(
      /^(?:transparent|blurred|#[0-9A-Fa-f]{6})$/,
      "expected a colour such as #ffcc00, transparent or blurred",
    )
    .optional()
    .meta({
      example: { height: 320, fit: "contain", background: "blurred" },
      description:
        "what stands behind transparency and in the padding of a contain; `blurred` pads with the image itself",
      values: "#rrggbb, transparent, blurred",
      default: "transparency stays, padding is white",
    })
    .register(operations, {
      steps: (behind) => (behind?.startsWith("#") ? [{ name: "flatten", value: rgb(behind) }] : []),
    }),
  watermark: watermarkSchema
    .optional()
    .meta({
      example: { watermark: { text: "© Example 2026", scale: 0.5 } },
      description:
        "an image of the source bucket, or a text, laid over the rendition: `{ image: brand/logo.png, position: right bottom, scale: 0.2 }`; [its properties](docs/renditions.md#watermark)",
      values: "image or text; colour, position, scale, opacity, margin, tile, minSide",
    })
    .register(operations, {
      steps: (spec, { framed }) => {
        const watermark = spec === undefined ? undefined : watermarkOf(spec, framed);
        return watermark === undefined ? [] : [{ name: "watermark", value: watermark }];
      },
    }),
  border: borderSchema
    .optional()
    .meta({
      example: { border: { width: 8, colour: "#ffcc00" } },
      description: 'a frame around the box: `{ width: 4, colour: "#ffcc00" }`',
      values: "1 to 1,000 pixels",
      default: "no frame; white",
    })
    .register(operations, {
      steps: (border, { density }) =>
        border === undefined
          ? []
          : [
              {
                name: "border",
                value: { width: borderWidth(border, density), colour: rgb(border.colour ?? "#ffffff") },
              },
            ],
    }),
  cornerRadius: z
    .union([z.literal("circle"), z.int().min(1).max(8191)], "expected 1 to 8191 pixels, or circle")
    .optional()
    .meta({
      example: { height: 320, fit: "cover", cornerRadius: "circle" },
      description: "rounds the corners; the rest is transparent, in jpeg the background",
      values: "1 to 8,191 pixels, circle",
    })
    .register(operations, {
      steps: (radius, planned) =>
        radius === undefined ? [] : [{ name: "corners", value: cornersOf(radius, planned) }],
    }),
};

const TABLE: readonly (readonly [name: string, schema: z.ZodType])[] = Object.entries(operationShape);

/** The part of a parsed spec that changes pixels. */
export type OperationSpec = z.output<z.ZodObject<typeof operationShape>>;

/** What a spec does to the pixels of one rendition, in order. */
export const stepsOf = (spec: OperationSpec, planned: Planned): readonly Step[] => {
  const values = new Map<string, unknown>(Object.entries(spec));
  return TABLE.flatMap(([name, schema]) => operations.get(schema)?.steps(values.get(name), planned) ?? []);
};
