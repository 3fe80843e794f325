import sharp from "sharp";
import { expect } from "vitest";
import { sharpImaging } from "../../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { type RenditionSpec, renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import type { RenditionFile, Watermarks } from "../../../../handler/ports/renditions.ts";
import type { Colour } from "../../../support/images.ts";

export const MAX_PIXELS = 50_000_000;
export const imaging = sharpImaging({ maxPixels: MAX_PIXELS, threads: 1 });

/** What the pipeline makes of a file, from inspection to renditions, in the order of the specs. */
export const render = async (
  bytes: Uint8Array,
  specs: readonly object[],
  watermarks?: Watermarks,
): Promise<readonly RenditionFile[]> => {
  const parsed: readonly RenditionSpec[] = renditionSpecs.parse(specs);
  const plans = planTransforms(await imaging.inspect(bytes), "a", parsed, {
    maxBytes: 1e9,
    maxPixels: MAX_PIXELS,
  });
  const files = new Map<string, RenditionFile>();
  await imaging.transform(
    bytes,
    plans,
    async (file) => {
      files.set(`${file.name}.${file.format}`, file);
    },
    watermarks,
  );
  return plans.flatMap((plan) =>
    plan.renditions.flatMap(({ format }) => files.get(`${plan.name}.${format}`) ?? []),
  );
};

/** The first rendition of one spec; a png named card when the spec says nothing else. */
export const renderOne = async (
  bytes: Uint8Array,
  spec: object,
  watermarks?: Watermarks,
): Promise<RenditionFile> => {
  const [file] = await render(bytes, [{ name: "card", formats: ["png"], ...spec }], watermarks);
  if (file === undefined) throw new Error("Expected a rendition.");
  return file;
};

/** Furthest that any channel of a colour is from the other's. */
const distance = (a: Colour, b: Colour): number =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));

export const expectColour = (actual: Colour, expected: Colour, tolerance = 6): void => {
  expect(distance(actual, expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance);
};

export const whole = ({ width, height }: RenditionFile) => ({ left: 0, top: 0, width, height });

/** Alpha at a point of a png. */
export const alphaAt = async (bytes: Uint8Array, left: number, top: number): Promise<number | undefined> => {
  const part = { left, top, width: 1, height: 1 };
  const [alpha] = await sharp(bytes).extract(part).extractChannel("alpha").raw().toBuffer();
  return alpha;
};
