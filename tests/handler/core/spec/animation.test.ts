import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { framesOf } from "../../../../handler/core/spec/animation.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";

const SMALL = { width: 100, height: 50 };
const gif = (pages: number, size = SMALL) => ({ format: "gif", ...size, pages }) as const;

describe("framesOf", () => {
  it("shows all frames of what moves, and the first of anything else", () => {
    expect(framesOf(gif(30), SMALL, 1e9)).toBe(30);
    expect(framesOf({ ...gif(30), format: "webp" }, SMALL, 1e9)).toBe(30);
    expect(framesOf({ ...gif(30), format: "tiff" }, SMALL, 1e9)).toBe(1);
    expect(framesOf(gif(1), SMALL, 1e9)).toBe(1);
  });

  it("shows as many as there are pixels for, in the original and decoded", () => {
    expect(framesOf(gif(30), SMALL, 5_000 * 12)).toBe(12);
    expect(framesOf(gif(30, { width: 5000, height: 5000 }), { width: 2500, height: 1000 }, 1e9)).toBe(10);
    expect(framesOf(gif(30), SMALL, 5_000)).toBe(1);
  });

  it("is never less than one, nor more than there are or fit", () => {
    const side = fc.integer({ min: 1, max: 10_000 });
    const size = fc.record({ width: side, height: side });
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(1e9),
        (image, decoded, pages, most) => {
          const frames = framesOf(gif(pages, image), decoded, most);
          expect(frames).toBeGreaterThanOrEqual(1);
          expect(frames).toBeLessThanOrEqual(pages);
          if (frames > 1) {
            expect(frames * image.width * image.height).toBeLessThanOrEqual(most);
            expect(frames * decoded.width * decoded.height).toBeLessThanOrEqual(25_000_000);
          }
        },
      ),
    );
  });
});

describe("the plan of an animation", () => {
  const plan = (spec: object, pages = 3) =>
    planTransforms(
      { ...gif(pages), hasAlpha: false },
      "a.gif",
      renditionSpecs.parse([{ name: "card", width: 50, ...spec }]),
      { maxBytes: 1e9, maxPixels: 1e9 },
    ).map(({ name, frames, renditions }) => [name, frames, renditions.map(({ format }) => format)]);

  it("moves in the formats that can, and shows the first frame in the others", () => {
    expect(plan({ animated: true, formats: ["jpeg", "webp", "avif", "gif"] })).toEqual([
      ["card", undefined, ["jpeg", "avif"]],
      ["card", 3, ["webp", "gif"]],
    ]);
  });

  it("makes auto a gif when it moves", () => {
    expect(plan({ animated: true, formats: ["webp", "auto"] })).toEqual([["card", 3, ["webp", "gif"]]]);
    expect(plan({ animated: true, formats: ["auto"] }, 1)).toEqual([["card", undefined, ["jpeg"]]]);
  });

  it("is that of a still image when the spec does not ask for more", () => {
    expect(plan({ formats: ["webp", "auto"] })).toEqual([["card", undefined, ["webp", "jpeg"]]]);
  });
});
