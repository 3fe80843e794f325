import type { Step, StepName, StepValues } from "../../core/spec/pixel-steps.ts";
import { fromPixels, type Pixels, pixelsOf } from "./pixels.ts";
import { rounded } from "./rounding.ts";
import { type Marks, marked } from "./watermark.ts";

type Row = [red: number, green: number, blue: number];

/** How each step is done. */
const STEPS: {
  readonly [Name in StepName]: (image: Pixels, value: StepValues[Name], marks: Marks) => Promise<Pixels>;
} = {
  recomb: (image, [red, green, blue]) => {
    const rows: [Row, Row, Row] = [[...red], [...green], [...blue]];
    return pixelsOf(fromPixels(image).recomb(rows));
  },
  linear: (image, { factor, offset }) => pixelsOf(fromPixels(image).linear(factor, offset * 255)),
  pixelate: async (image, side) => {
    const { width, height } = image.size;
    const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
    const squares = await pixelsOf(
      fromPixels(image).resize(columns, rows, { fit: "fill", kernel: "linear" }),
    );
    const whole = fromPixels(squares).resize(columns * side, rows * side, { fit: "fill", kernel: "nearest" });
    return pixelsOf(fromPixels(await pixelsOf(whole)).extract({ left: 0, top: 0, width, height }));
  },
  blur: (image, sigma) => pixelsOf(fromPixels(image).blur(sigma)),
  sharpen: (image, sigma) => pixelsOf(fromPixels(image).sharpen({ sigma })),
  flatten: (image, background) => pixelsOf(fromPixels(image).flatten({ background })),
  watermark: marked,
  border: (image, { width, colour }) => {
    const sides = { top: width, bottom: width, left: width, right: width };
    return pixelsOf(fromPixels(image).extend({ ...sides, background: { ...colour, alpha: 1 } }));
  },
  corners: async (image, radii) => rounded(await pixelsOf(fromPixels(image).ensureAlpha()), radii),
};

/** Looks the step up under its name; a switch would say each name once more. */
const stepped = <Name extends StepName>(
  image: Pixels,
  { name, value }: { readonly name: Name; readonly value: StepValues[Name] },
  marks: Marks,
): Promise<Pixels> => STEPS[name](image, value, marks);

/**
 * Does the steps of a plan, one after the other.
 * @param marks every image that a step marks with
 */
export const operated = async (image: Pixels, steps: readonly Step[], marks: Marks): Promise<Pixels> => {
  let pixels = image;
  for (const step of steps) pixels = await stepped(pixels, step, marks);
  return pixels;
};
