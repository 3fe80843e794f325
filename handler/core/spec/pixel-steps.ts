import type { Rgb } from "./colour.ts";
import type { Watermark } from "./watermark.ts";

type Row = readonly [red: number, green: number, blue: number];

/**
 * What is done to a rendition's pixels, by name, all lengths in its own pixels. Operations of a spec are made of
 * these; each stands in one table of the adapter that does it.
 */
export type StepValues = {
  /** Every colour as a sum of the three: a row each for the new red, green and blue. */
  readonly recomb: readonly [red: Row, green: Row, blue: Row];
  /** Every colour times `factor`, plus `offset` of 255. */
  readonly linear: { readonly factor: number; readonly offset: number };
  /** Side of the squares that become one colour each. */
  readonly pixelate: number;
  /** Sigma of a Gaussian blur. */
  readonly blur: number;
  /** Sigma of the Gaussian mask. */
  readonly sharpen: number;
  /** Stands behind what is transparent. */
  readonly flatten: Rgb;
  /** Laid over all. */
  readonly watermark: Watermark;
  /** A frame around all. */
  readonly border: { readonly width: number; readonly colour: Rgb };
  /** Radii of the corners, at most half of the rendition's sides. */
  readonly corners: { readonly x: number; readonly y: number };
};

export type StepName = keyof StepValues;

/** One step of a plan. */
export type Step = {
  readonly [Name in StepName]: { readonly name: Name; readonly value: StepValues[Name] };
}[StepName];

/** Keys of the images that the steps lay over a rendition. */
export const watermarkKeys = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) =>
    step.name === "watermark" && step.value.mark.kind === "image" ? [step.value.mark.key] : [],
  );
