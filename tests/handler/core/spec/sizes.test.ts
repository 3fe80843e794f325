import { describe, expect, it } from "vitest";
import { variantProblems, variantsOf } from "../../../../handler/core/spec/sizes.ts";

describe("variantsOf", () => {
  it("gives the spec itself when it wants no other sizes", () => {
    expect(variantsOf({ name: "card", width: 400 })).toEqual([{ name: "card", density: 1, width: 400 }]);
  });

  it("multiplies the box by every device pixel ratio", () => {
    expect(variantsOf({ name: "avatar", width: 101, height: 50, dpr: [1, 1.5, 2] })).toEqual([
      { name: "avatar", density: 1, width: 101, height: 50 },
      { name: "avatar-1-5x", density: 1.5, width: 152, height: 75 },
      { name: "avatar-2x", density: 2, width: 202, height: 100 },
    ]);
  });

  it("gives each width a box of the spec's shape, or one that only the width bounds", () => {
    expect(variantsOf({ name: "hero", width: 1600, height: 900, widths: [320, 1920] })).toEqual([
      { name: "hero-320w", density: 1, width: 320, height: 180 },
      { name: "hero-1920w", density: 1, width: 1920, height: 1080 },
    ]);
    expect(variantsOf({ name: "hero", widths: [320] })).toEqual([
      { name: "hero-320w", density: 1, width: 320 },
    ]);
  });
});

describe("variantProblems", () => {
  it.each([
    [{ width: 9, dpr: [2], widths: [4] }, "dpr", "expected dpr or widths, got both"],
    [
      { width: 9, widths: [4] },
      "widths",
      "expected both width and height, which give the box's shape, or neither, with widths",
    ],
    [{ width: 9_000, dpr: [1, 2] }, "dpr", "expected boxes of at most 16383 pixels a side, got one of 18000"],
    [
      { width: 1, height: 9, widths: [2_000] },
      "widths",
      "expected boxes of at most 16383 pixels a side, got one of 18000",
    ],
  ] as const)("finds %j wrong", (spec, property, message) => {
    const { dpr, widths, ...box } = { dpr: undefined, widths: undefined, ...spec };
    const variant = { name: "card", ...box, dpr: dpr && [...dpr], widths: widths && [...widths] };
    expect(variantProblems(variant)).toEqual([[property, message]]);
  });
});
