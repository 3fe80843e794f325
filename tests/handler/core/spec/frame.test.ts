import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameOf, isOnItsSide, swapped } from "../../../../handler/core/spec/frame.ts";

const side = fc.integer({ min: 1, max: 4000 });
const anySize = fc.record({ width: side, height: side });
const anyPart = fc.double({ min: 0, max: 1, noNaN: true });

describe("frameOf", () => {
  it("frames an image that lies on its side as one that stood upright before", () => {
    fc.assert(
      fc.property(anySize, anySize, fc.constantFrom(90 as const, 270 as const), (image, box, rotate) => {
        const turned = frameOf(image, { ...box, fit: "cover", rotate });
        expect(turned.turn).toEqual({ rotate, flip: false, flop: false });
        expect({ ...turned, turn: undefined }).toEqual({
          ...frameOf(swapped(image), { ...box, fit: "cover" }),
          turn: undefined,
        });
      }),
    );
  });

  it("turns nothing when nothing is to be turned", () => {
    expect(frameOf({ width: 9, height: 6 }, { width: 3, fit: "inside", flip: false })).toEqual({
      scaled: { width: 3, height: 2 },
      framed: { width: 3, height: 2 },
      framing: "none",
      position: "centre",
    });
  });

  it("cuts within the image, and as near to the point as that allows", () => {
    fc.assert(
      fc.property(anySize, anySize, fc.record({ x: anyPart, y: anyPart }), (image, box, point) => {
        const { position, scaled, framed } = frameOf(image, { ...box, fit: "cover", position: point });
        if (typeof position !== "object") throw new Error("Expected a corner.");
        for (const [start, cut, length, part] of [
          [position.left, framed.width, scaled.width, point.x],
          [position.top, framed.height, scaled.height, point.y],
        ] as const) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + cut).toBeLessThanOrEqual(length);
          const isAtEdge = start === 0 || start + cut === length;
          expect(isAtEdge || Math.abs(start + cut / 2 - part * length) <= 0.5).toBe(true);
        }
      }),
    );
  });

  it.each([
    [
      { x: 0, y: 0 },
      { left: 0, top: 0 },
    ],
    [
      { x: 0.5, y: 0.5 },
      { left: 50, top: 0 },
    ],
    [
      { x: 0.3, y: 0.9 },
      { left: 10, top: 0 },
    ],
    [
      { x: 1, y: 1 },
      { left: 100, top: 0 },
    ],
  ])("cuts a square around %j at %j", (position, corner) => {
    const frame = frameOf({ width: 400, height: 200 }, { width: 100, height: 100, fit: "cover", position });
    expect([frame.scaled, frame.position]).toEqual([{ width: 200, height: 100 }, corner]);
  });
});

describe("isOnItsSide", () => {
  it("is so after an odd number of quarters", () => {
    const turns = ([0, 90, 180, 270] as const).map((rotate) => ({ rotate, flip: true, flop: false }));
    expect([undefined, ...turns].map(isOnItsSide)).toEqual([false, false, true, false, true]);
  });
});
