import { describe, expect, it } from "vitest";
import { decodeBytes, refuseTooMuchMemory, workBytes } from "../../../../handler/core/plan/memory-budget.ts";
import { refuseTooManyPixels } from "../../../../handler/core/source/limits.ts";

const MIB = 1024 ** 2;
const MEGAPIXELS_24 = { width: 6000, height: 4000 };

describe("refuseTooManyPixels", () => {
  const limits = { maxPixels: 1_000_000 };

  it("takes as many as the limit", () => {
    expect(() => refuseTooManyPixels({ width: 1000, height: 1000 }, 1, limits)).not.toThrow();
    expect(() => refuseTooManyPixels({ width: 500, height: 500 }, 4, limits)).not.toThrow();
  });

  it("refuses one more, of one frame or of all that are decoded", () => {
    expect(() => refuseTooManyPixels({ width: 1000, height: 1001 }, 1, limits)).toThrow(
      "The image has 1000 x 1001 pixels (1,001,000); at most 1,000,000 are processed.",
    );
    expect(() => refuseTooManyPixels({ width: 500, height: 500 }, 5, limits)).toThrow(
      "5 frames have 500 x 500 pixels each (1,250,000); at most 1,000,000 are processed.",
    );
  });
});

describe("decodeBytes", () => {
  it("counts a file twice, and its pixels by how its format is decoded", () => {
    expect(decodeBytes("jpeg", undefined, MEGAPIXELS_24, 1000)).toBe(2000 + 24e6 * 0.5);
    expect(decodeBytes("avif", undefined, MEGAPIXELS_24, 1000)).toBe(2000 + 24e6 * 20);
  });

  it("counts more where the whole image must be held", () => {
    const header = { ...MEGAPIXELS_24, isWhole: true };
    expect(decodeBytes("jpeg", header, MEGAPIXELS_24, 0)).toBe(24e6 * 9);
    expect(decodeBytes("png", header, MEGAPIXELS_24, 0)).toBe(24e6 * 9);
  });

  it("counts a tile that is larger than its image", () => {
    const header = { width: 10, height: 10, heldPixels: 65_536 * 65_536 };
    expect(decodeBytes("tiff", header, header, 0)).toBeGreaterThan(2 ** 32 * 9 - 1000);
  });
});

describe("workBytes", () => {
  it("counts the decoded pixels, and the costliest of the files, as many as are encoded at once", () => {
    const large = {
      size: { width: 1000, height: 1000 },
      renditions: [{ format: "avif" }, { format: "jpeg" }],
    } as const;
    const small = { size: { width: 10, height: 10 }, renditions: [{ format: "avif" }] } as const;
    const base = workBytes(0, { width: 0, height: 0 }, []);
    const encoding = (lanes: number) =>
      workBytes(7, { width: 100, height: 100 }, [small, large, small], lanes) - base - 7 - 4 * 10_000;
    expect([1, 2, 3].map(encoding)).toEqual([40_000_000, 51_000_000, 51_004_000]);
  });

  it("counts every frame of an animation, decoded and made", () => {
    const still = { size: { width: 10, height: 10 }, renditions: [{ format: "gif" }] } as const;
    const moving = { ...still, frames: 5, source: { width: 20, height: 10 } };
    const needed = (work: Parameters<typeof workBytes>[2][number]) =>
      workBytes(0, still.size, [work]) - workBytes(0, still.size, []);
    expect([needed(still), needed(moving)]).toEqual([100 * 17, 5 * (100 * 17 + 200 * 4)]);
  });

  it("lets a 24-megapixel JPEG with the default renditions into 1,024 MiB, and an AVIF of 50 megapixels not", () => {
    const large = {
      size: { width: 1600, height: 1067 },
      renditions: [{ format: "webp" }, { format: "jpeg" }],
    } as const;
    const needed = (format: "jpeg" | "avif", pixels: { width: number; height: number }) =>
      workBytes(decodeBytes(format, undefined, pixels, 10e6), large.size, [large]) / MIB;
    expect(needed("jpeg", MEGAPIXELS_24)).toBeLessThan(400);
    expect(needed("avif", { width: 10_000, height: 5000 })).toBeGreaterThan(1024);
    expect(needed("avif", { width: 10_000, height: 5000 })).toBeLessThan(1769);
  });
});

describe("refuseTooMuchMemory", () => {
  it("refuses what the function cannot hold, and says both", () => {
    expect(() =>
      refuseTooMuchMemory(512 * MIB, { maxBytes: 1, maxPixels: 1, memoryBytes: 512 * MIB }),
    ).not.toThrow();
    expect(() =>
      refuseTooMuchMemory(1500 * MIB + 1, { maxBytes: 1, maxPixels: 1, memoryBytes: 1024 * MIB }),
    ).toThrow("Its renditions would take about 1,501 MiB of memory to make; the function has 1,024.");
  });

  it("judges nothing where the memory is not known", () => {
    expect(() => refuseTooMuchMemory(1e12, { maxBytes: 1, maxPixels: 1 })).not.toThrow();
  });
});
