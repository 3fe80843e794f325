import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { borderWidth, type operationShape, stepsOf } from "../../../../handler/core/spec/operations.ts";

const PLANNED = {
  size: { width: 300, height: 100 },
  framed: { width: 284, height: 84 },
  density: 2,
};

/** What one value of every operation comes to at twice the box's pixels. */
const EXAMPLES = {
  grayscale: [true, ["recomb"]],
  saturation: [
    1,
    [
      {
        name: "recomb",
        value: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
  ],
  brightness: [1.5, [{ name: "linear", value: { factor: 1.5, offset: 0 } }]],
  contrast: [0.5, [{ name: "linear", value: { factor: 0.5, offset: 0.25 } }]],
  pixelate: [8, [{ name: "pixelate", value: 16 }]],
  blur: [3, [{ name: "blur", value: 6 }]],
  sharpen: [0.5, [{ name: "sharpen", value: 0.5 }]],
  background: ["#FFcc00", [{ name: "flatten", value: { r: 255, g: 204, b: 0 } }]],
  watermark: [{ text: "Beach" }, ["watermark"]],
  border: [
    { width: 4, colour: "#000001" },
    [{ name: "border", value: { width: 8, colour: { r: 0, g: 0, b: 1 } } }],
  ],
  cornerRadius: [10, [{ name: "corners", value: { x: 20, y: 20 } }]],
} as const satisfies Record<
  keyof typeof operationShape,
  readonly [value: unknown, steps: readonly unknown[]]
>;

describe("stepsOf", () => {
  it.each(Object.entries(EXAMPLES))("plans %s", (property, [value, expected]) => {
    const steps = stepsOf({ [property]: value }, PLANNED);
    expect(steps.map((step, index) => (typeof expected[index] === "string" ? step.name : step))).toEqual(
      expected,
    );
  });

  it("plans nothing for what is not wanted", () => {
    expect(stepsOf({}, PLANNED)).toEqual([]);
    expect(stepsOf({ grayscale: false, background: "transparent" }, PLANNED)).toEqual([]);
    expect(stepsOf({ background: "blurred" }, PLANNED)).toEqual([]);
  });

  it("plans everything at once in the order of the table", () => {
    const spec = Object.fromEntries(Object.entries(EXAMPLES).map(([property, [value]]) => [property, value]));
    expect(stepsOf(spec, PLANNED).map(({ name }) => name)).toEqual([
      "recomb",
      "recomb",
      "linear",
      "linear",
      "pixelate",
      "blur",
      "sharpen",
      "flatten",
      "watermark",
      "border",
      "corners",
    ]);
  });

  it("turns colours into greys by their brightness", () => {
    const row = [0.2126, 0.7152, 0.0722];
    expect(stepsOf({ grayscale: true }, PLANNED)).toEqual([{ name: "recomb", value: [row, row, row] }]);
  });

  it("leaves a grey as it is, however vivid it makes colours", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (saturation) => {
        const [step] = stepsOf({ saturation }, PLANNED);
        if (step?.name !== "recomb") throw new Error("Expected a recomb.");
        for (const row of step.value) expect(row[0] + row[1] + row[2]).toBeCloseTo(1, 9);
      }),
    );
  });

  it("leaves middle grey as it is, whatever the contrast", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (contrast) => {
        const [step] = stepsOf({ contrast }, PLANNED);
        if (step?.name !== "linear") throw new Error("Expected a linear.");
        expect(0.5 * step.value.factor + step.value.offset).toBeCloseTo(0.5, 9);
      }),
    );
  });

  it("rounds corners by no more than half of a side, and a circle by just that", () => {
    const corners = (cornerRadius: number | "circle") => stepsOf({ cornerRadius }, PLANNED)[0]?.value;
    expect([corners(10), corners(500), corners("circle")]).toEqual([
      { x: 20, y: 20 },
      { x: 50, y: 50 },
      { x: 150, y: 50 },
    ]);
  });

  it("marks what is within the border, and nothing that is too small", () => {
    const [step] = stepsOf({ watermark: { image: "logo.png", scale: 0.5, margin: 0 } }, PLANNED);
    expect(step).toMatchObject({ name: "watermark", value: { box: { width: 142, height: 42 } } });
    expect(stepsOf({ watermark: { image: "logo.png", minSide: 285 } }, PLANNED)).toEqual([]);
  });

  it("draws a white border where no colour is given", () => {
    expect(stepsOf({ border: { width: 1 } }, PLANNED)).toEqual([
      { name: "border", value: { width: 2, colour: { r: 255, g: 255, b: 255 } } },
    ]);
  });
});

describe("borderWidth", () => {
  it("is nothing without a border, and whole pixels with one", () => {
    expect([borderWidth(undefined, 2), borderWidth({ width: 3 }, 1.5)]).toEqual([0, 5]);
  });
});
