import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import { contentFor, thresholdsOf } from "../../../../handler/core/spec/trim.ts";

const CONTENT = { threshold: 10, left: 100, top: 50, width: 300, height: 200 };
const IMAGE = {
  format: "png",
  width: 1000,
  height: 500,
  pages: 1,
  hasAlpha: false,
  contents: [CONTENT, { threshold: 0, left: 0, top: 0, width: 1000, height: 500 }],
} as const;
const LIMITS = { maxBytes: 1e9, maxPixels: 1e9 };

const planOf = (spec: object, image: Parameters<typeof planTransforms>[0] = IMAGE) =>
  planTransforms(image, "a", renditionSpecs.parse([{ name: "card", formats: ["png"], ...spec }]), LIMITS)[0];

describe("thresholdsOf", () => {
  it("names each threshold of the specs once", () => {
    expect(thresholdsOf([{ trim: 10 }, {}, { trim: 0 }, { trim: 10 }])).toEqual([10, 0]);
  });
});

describe("contentFor", () => {
  it("is the part that was found by the spec's threshold, unless that is all", () => {
    expect(contentFor({ trim: 10 }, IMAGE)).toBe(CONTENT);
    expect(contentFor({ trim: 0 }, IMAGE)).toBeUndefined();
    expect(contentFor({ trim: 20 }, IMAGE)).toBeUndefined();
    expect(contentFor({}, IMAGE)).toBeUndefined();
  });
});

describe("the plan of a trimmed rendition", () => {
  it("measures by the content, which is taken from the image in full", () => {
    expect(planOf({ width: 150, trim: 10 })).toMatchObject({
      source: { width: 1000, height: 500 },
      content: { left: 100, top: 50, width: 300, height: 200 },
      scaled: { width: 150, height: 100 },
      size: { width: 150, height: 100 },
    });
    expect(planOf({ width: 150 })).not.toHaveProperty("content");
  });

  it("is that of an image of the content's size", () => {
    const side = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(side, side, side, (width, height, box) => {
        const content = { threshold: 10, left: 0, top: 0, width, height };
        const trimmed = planOf(
          { width: box, height: box, fit: "cover", trim: 10 },
          { ...IMAGE, contents: [content] },
        );
        const { contents: _, ...alone } = { ...IMAGE, width, height };
        const whole = planOf({ width: box, height: box, fit: "cover" }, alone);
        expect(trimmed?.framed).toEqual(whole?.framed);
        expect(trimmed?.scaled).toEqual(whole?.scaled);
      }),
    );
  });
});
