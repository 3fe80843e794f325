import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodedWithin,
  LEAST_TARGET_QUALITY,
  MOST_ENCODES,
} from "../../../../handler/core/plan/byte-target.ts";

/** An encoder whose files have the sizes that `bytesAt` gives; it remembers the qualities it was asked for. */
const encoderOf = (bytesAt: (quality: number) => number) => {
  const asked: number[] = [];
  const encode = async (quality: number) => {
    asked.push(quality);
    return { quality, length: bytesAt(quality) };
  };
  return { asked, encode };
};

describe("encodedWithin", () => {
  it("encodes once when the wanted quality fits", async () => {
    const { asked, encode } = encoderOf((quality) => quality * 100);
    expect(await encodedWithin(encode, 80, 8_000)).toEqual({ quality: 80, length: 8_000 });
    expect(asked).toEqual([80]);
  });

  it("finds a quality that fills its target in three encodes, of a file that grows as photos do", async () => {
    const { asked, encode } = encoderOf((quality) => Math.round(20_000 * Math.exp(quality / 39)));
    const file = await encodedWithin(encode, 80, 60_000);
    expect(file.length).toBeLessThanOrEqual(60_000);
    expect(file.length).toBeGreaterThan(55_000);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it("gives the smallest file, of the least quality, when none fits", async () => {
    const { asked, encode } = encoderOf((quality) => 50_000 + quality);
    expect(await encodedWithin(encode, 80, 1_000)).toEqual({ quality: 10, length: 50_010 });
    expect(asked).toEqual([80, 10]);
  });

  it("keeps a wanted quality below the least as it is", async () => {
    const { asked, encode } = encoderOf(() => 50_000);
    await encodedWithin(encode, 5, 1_000);
    expect(asked).toEqual([5]);
  });

  it("fits whenever the least quality does, with few encodes and never above the wanted quality", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 300, max: 100_000 }),
        fc.double({ min: 0.2, max: 8, noNaN: true }),
        async (quality, maxBytes, bend) => {
          const bytesAt = (at: number) => Math.round(1_000 + 90_000 * (at / 100) ** bend);
          const { asked, encode } = encoderOf(bytesAt);
          const file = await encodedWithin(encode, quality, maxBytes);
          if (bytesAt(Math.min(quality, LEAST_TARGET_QUALITY)) <= maxBytes) {
            expect(file.length).toBeLessThanOrEqual(maxBytes);
          }
          expect(asked.length).toBeLessThanOrEqual(MOST_ENCODES);
          expect(Math.max(...asked)).toBe(quality);
        },
      ),
    );
  });
});
