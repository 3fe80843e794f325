import { expect, it } from "vitest";
import { stepsOf } from "../../../../handler/core/spec/operations.ts";
import { watermarkKeys } from "../../../../handler/core/spec/pixel-steps.ts";

const size = { width: 300, height: 100 };
const keysOf = (spec: Parameters<typeof stepsOf>[0]) =>
  watermarkKeys(stepsOf(spec, { size, framed: size, density: 1 }));

it("the keys of watermarks are those of images", () => {
  expect(keysOf({ blur: 1, watermark: { image: "brand/logo.png" } })).toEqual(["brand/logo.png"]);
  expect(keysOf({ watermark: { text: "Beach" } })).toEqual([]);
  expect(keysOf({ blur: 1 })).toEqual([]);
});
