import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costliestFirst } from "../../../../handler/core/plan/encoding-order.ts";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";
import { DEFAULT_RENDITIONS, renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";

const IMAGE = { format: "jpeg", width: 6000, height: 4000, pages: 1, hasAlpha: false } as const;
const LIMITS = { maxBytes: 1e9, maxPixels: 1e9 };

const order = (specs: unknown): readonly string[] =>
  costliestFirst(planTransforms(IMAGE, "a", renditionSpecs.parse(specs), LIMITS)).flatMap(
    ({ name, renditions }) => renditions.map(({ format }) => `${name}.${format}`),
  );

describe("costliestFirst", () => {
  it("begins with the largest of the default renditions, webp before jpeg", () => {
    expect(order(DEFAULT_RENDITIONS)).toEqual([
      "large.webp",
      "large.jpeg",
      "medium.webp",
      "medium.jpeg",
      "thumbnail.webp",
      "thumbnail.jpeg",
    ]);
  });

  it("begins with a smaller rendition whose format takes longer", () => {
    expect(
      order([
        { name: "large", width: 1600, formats: ["jpeg"] },
        { name: "medium", width: 800, formats: ["jpeg", "avif"] },
      ]),
    ).toEqual(["medium.avif", "medium.jpeg", "large.jpeg"]);
  });

  it("neither loses nor repeats a rendition, and keeps those of a plan together", () => {
    const formats = fc.uniqueArray(fc.constantFrom(...RENDITION_FORMATS), { minLength: 1 });
    const specs = fc.uniqueArray(fc.record({ width: fc.integer({ min: 1, max: 3000 }), formats }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ width }) => width,
    });
    fc.assert(
      fc.property(specs, (list) => {
        const named = list.map((spec) => ({ ...spec, name: `w${spec.width}` }));
        const ordered = order(named);
        expect(ordered.toSorted()).toEqual(
          named.flatMap(({ name, formats }) => formats.map((format) => `${name}.${format}`)).toSorted(),
        );
        const names = ordered.map((rendition) => rendition.split(".")[0]);
        expect(names.filter((name, index) => name !== names[index - 1])).toHaveLength(list.length);
      }),
    );
  });
});
