import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLACES } from "../../../../handler/core/spec/framing.ts";
import {
  markCorner,
  markSize,
  watermarkOf,
  watermarkSchema,
} from "../../../../handler/core/spec/watermark.ts";

const side = fc.integer({ min: 1, max: 4000 });
const anySize = fc.record({ width: side, height: side });

const problems = (spec: object): readonly string[] =>
  watermarkSchema.safeParse(spec).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ??
  [];

describe("a watermark's spec", () => {
  it.each([
    [{}, ": expected an image or a text, got neither"],
    [{ image: "a.png", text: "a" }, ": expected an image or a text, got both"],
    [{ image: "" }, "image: expected at least one character"],
    [{ image: "ä".repeat(513) }, "image: expected at most 1024 bytes"],
    [{ text: " " }, "text: expected more than space"],
    [{ text: "x".repeat(101) }, "text: expected at most 100 characters"],
    [{ text: "two\nlines" }, "text: expected Latin, Greek or Cyrillic letters, digits and common signs"],
    [{ text: "日本" }, "text: expected Latin, Greek or Cyrillic letters, digits and common signs"],
    [
      { image: "a.png", colour: "#ffffff" },
      "colour: expected no colour with an image: only a text takes one",
    ],
    [{ text: "a", colour: "white" }, "colour: expected a colour such as #ffcc00"],
    [{ text: "a", scale: 0 }, "scale: expected at least 0.01"],
    [{ text: "a", opacity: 1.5 }, "opacity: expected at most 1"],
    [{ text: "a", margin: 0.6 }, "margin: expected at most 0.5"],
    [{ text: "a", minSide: 0 }, "minSide: expected at least 1 pixel"],
    [
      { text: "a", tile: true, position: "top" },
      "position: expected no position with tile: it is everywhere",
    ],
  ])("is refused: %j", (spec, problem) => {
    expect(problems(spec)).toEqual([problem]);
  });

  it("takes no position that looks at the image", () => {
    expect(problems({ text: "a", position: "attention" })).toHaveLength(1);
  });

  it.each(["© Example & Söhne <2026>", "Ελλάδα", "Привет", "Tiếng Việt", "“Žluťoučký” – №1 €5…"])(
    "takes the text %s",
    (text) => {
      expect(problems({ text })).toEqual([]);
    },
  );
});

describe("watermarkOf", () => {
  it("has defaults for all but what is shown", () => {
    expect(watermarkOf({ text: "Beach" }, { width: 800, height: 500 })).toEqual({
      mark: { kind: "text", text: "Beach", colour: { r: 255, g: 255, b: 255 } },
      box: { width: 200, height: 125 },
      margin: 15,
      opacity: 0.5,
      position: "right bottom",
    });
  });

  it("measures everything by the rendition", () => {
    const spec = { image: "logo.png", scale: 0.1, margin: 0.1, opacity: 1, tile: true };
    expect(watermarkOf(spec, { width: 800, height: 500 })).toEqual({
      mark: { kind: "image", key: "logo.png" },
      box: { width: 80, height: 50 },
      margin: 50,
      opacity: 1,
      position: "tile",
    });
  });

  it("marks from its longer side on", () => {
    const marks = [399, 400, 401].map((width) =>
      watermarkOf({ text: "a", minSide: 400 }, { width, height: 10 }),
    );
    expect(marks.map((mark) => mark !== undefined)).toEqual([false, true, true]);
  });
});

describe("markSize", () => {
  it("fills its box along one side, never more, and keeps its shape to the pixel", () => {
    fc.assert(
      fc.property(anySize, anySize, (own, box) => {
        const { width, height } = markSize(own, box);
        expect(width).toBeLessThanOrEqual(box.width);
        expect(height).toBeLessThanOrEqual(box.height);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
        expect(width === box.width || height === box.height).toBe(true);
        if (width > 1 && height > 1) {
          expect(Math.abs(width / own.width - height / own.height)).toBeLessThanOrEqual(
            0.5 / own.width + 0.5 / own.height + 1e-9,
          );
        }
      }),
    );
  });
});

describe("markCorner", () => {
  it.each([
    ["left top", 5, 5],
    ["northwest", 5, 5],
    ["top", 40, 5],
    ["right top", 75, 5],
    ["west", 5, 20],
    ["centre", 40, 20],
    ["right", 75, 20],
    ["southwest", 5, 35],
    ["bottom", 40, 35],
    ["right bottom", 75, 35],
  ] as const)("stands at %s", (place, left, top) => {
    expect(markCorner({ width: 100, height: 50 }, { width: 20, height: 10 }, place, 5)).toEqual({
      left,
      top,
    });
  });

  it("is within the rendition, whatever the margin", () => {
    fc.assert(
      fc.property(anySize, anySize, fc.constantFrom(...PLACES), fc.nat(4000), (size, box, place, margin) => {
        const mark = { width: Math.min(size.width, box.width), height: Math.min(size.height, box.height) };
        const { left, top } = markCorner(size, mark, place, margin);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left + mark.width).toBeLessThanOrEqual(size.width);
        expect(top + mark.height).toBeLessThanOrEqual(size.height);
      }),
    );
  });
});
