import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { BLUE, halfTransparent, meanColour, photo, quarters, RED, solid } from "../../../support/images.ts";
import { alphaAt, expectColour, renderOne, whole } from "./rendering.ts";

const SIZE = { width: 120, height: 80 };
const original = await photo(SIZE).png().toBuffer();

const deviation = async (bytes: Uint8Array): Promise<number> =>
  (await sharp(bytes).stats()).channels[0]?.stdev ?? 0;

describe("operated", () => {
  it("turns colours into greys", async () => {
    const file = await renderOne(await solid(SIZE, RED).png().toBuffer(), { width: 60, grayscale: true });
    const [red, green, blue] = await meanColour(file.bytes, whole(file));
    // 0.2126 x 230 + 0.7152 x 30 + 0.0722 x 30 = 72.5, cut.
    expect([red, green, blue]).toEqual([72, 72, 72]);
  });

  it.each([
    // Luma of 230, 30, 30 is 72.52; half the way from it to the colour is 151.26 and 51.26, cut.
    [{ saturation: 0.5 }, [151, 51, 51]],
    [{ saturation: 1 }, [230, 30, 30]],
    [{ saturation: 2 }, [255, 0, 0]],
    [{ brightness: 0.5 }, [115, 15, 15]],
    [{ brightness: 2 }, [255, 60, 60]],
    [{ contrast: 0 }, [127, 127, 127]],
    // 127.5 + (230 - 127.5) / 2 = 178.75 and 127.5 + (30 - 127.5) / 2 = 78.75.
    [{ contrast: 0.5 }, [178, 78, 78]],
    [{ brightness: 0.5, contrast: 0.5 }, [121, 71, 71]],
  ] as const)("gives a colour the value that CSS's filters give it: %j", async (spec, expected) => {
    const file = await renderOne(await solid(SIZE, RED).png().toBuffer(), { width: 60, ...spec });
    expectColour(await meanColour(file.bytes, whole(file)), expected, 1);
  });

  it("changes tones of what is transparent without showing it", async () => {
    const clear = await halfTransparent(SIZE, RED).png().toBuffer();
    const { bytes } = await renderOne(clear, { width: 60, brightness: 2, contrast: 0.5, saturation: 0 });
    expect([await alphaAt(bytes, 5, 5), await alphaAt(bytes, 55, 5)]).toEqual([255, 0]);
  });

  it("makes squares of one colour each, cut at the right and lower edge", async () => {
    const { bytes, width, height } = await renderOne(original, { width: 70, pixelate: 16 });
    expect([width, height]).toEqual([70, 47]);
    const data = await sharp(bytes).removeAlpha().raw().toBuffer();
    const colours = new Set<string>();
    for (let top = 0; top < height; top += 16) {
      for (let left = 0; left < width; left += 16) {
        const square = new Set<string>();
        for (let y = top; y < Math.min(top + 16, height); y += 1) {
          for (let x = left; x < Math.min(left + 16, width); x += 1) {
            square.add(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3).join());
          }
        }
        expect(square.size).toBe(1);
        for (const colour of square) colours.add(colour);
      }
    }
    expect(colours.size).toBeGreaterThan(10);
  });

  it("keeps the transparency of what it turns into greys", async () => {
    const clear = await halfTransparent(SIZE, RED).png().toBuffer();
    const file = await renderOne(clear, { width: 60, grayscale: true });
    expect([await alphaAt(file.bytes, 5, 5), await alphaAt(file.bytes, 55, 5)]).toEqual([255, 0]);
  });

  it("blurs by its sigma and sharpens what it scaled", async () => {
    const [blurred, hazy, plain, sharpened] = await Promise.all(
      [{ blur: 8 }, { blur: 1 }, {}, { sharpen: 1 }].map(async (spec) =>
        deviation((await renderOne(original, { width: 60, ...spec })).bytes),
      ),
    );
    expect(blurred).toBeLessThan(0.99 * (hazy ?? 0));
    expect(hazy).toBeLessThan(0.99 * (plain ?? 0));
    expect(sharpened).toBeGreaterThan(1.01 * (plain ?? 0));
  });

  it("puts the background behind transparency in every format, and into the padding", async () => {
    const clear = await halfTransparent({ width: 80, height: 40 }, RED).png().toBuffer();
    for (const formats of [["webp"], ["jpeg"], ["png"]]) {
      const box = { width: 40, height: 40, fit: "contain", formats, background: "#1E1EE6" };
      const { bytes } = await renderOne(clear, box);
      expect((await sharp(bytes).metadata()).hasAlpha).toBe(false);
      expectColour(await meanColour(bytes, { left: 25, top: 14, width: 10, height: 10 }), BLUE, 12);
      expectColour(await meanColour(bytes, { left: 2, top: 1, width: 30, height: 6 }), BLUE, 12);
      expectColour(await meanColour(bytes, { left: 4, top: 14, width: 10, height: 10 }), RED, 12);
    }
  });

  it("draws the border around the box, in its colour", async () => {
    const file = await renderOne(await solid(SIZE, RED).png().toBuffer(), {
      width: 60,
      border: { width: 5, colour: "#1e1ee6" },
    });
    expect([file.width, file.height]).toEqual([70, 50]);
    expect(await sharp(file.bytes).metadata()).toMatchObject({ width: 70, height: 50 });
    for (const part of [
      { left: 0, top: 0, width: 70, height: 5 },
      { left: 0, top: 45, width: 70, height: 5 },
      { left: 0, top: 0, width: 5, height: 50 },
      { left: 65, top: 0, width: 5, height: 50 },
    ]) {
      expectColour(await meanColour(file.bytes, part), BLUE, 0);
    }
    expectColour(await meanColour(file.bytes, { left: 5, top: 5, width: 60, height: 40 }), RED, 0);
  });

  it("cuts a circle as large as the rendition, its edge smooth, and keeps what is inside", async () => {
    const file = await renderOne(await quarters({ width: 200, height: 200 }).png().toBuffer(), {
      width: 100,
      height: 100,
      fit: "cover",
      cornerRadius: "circle",
    });
    const alpha = await sharp(file.bytes).extractChannel("alpha").raw().toBuffer();
    const covered = alpha.reduce((sum, value) => sum + value / 255, 0);
    expect(Math.abs(covered - Math.PI * 50 ** 2)).toBeLessThan(5);
    for (let row = 0; row < 100; row += 1) {
      for (let column = 0; column < 100; column += 1) {
        const distance = Math.hypot(column + 0.5 - 50, row + 0.5 - 50);
        if (distance < 49) expect(alpha[row * 100 + column]).toBe(255);
        if (distance > 51) expect(alpha[row * 100 + column]).toBe(0);
      }
    }
    expect(alpha.some((value) => value > 0 && value < 255)).toBe(true);
    expectColour(await meanColour(file.bytes, { left: 20, top: 20, width: 20, height: 20 }), RED, 0);
  });

  it("rounds all four corners alike and nothing else", async () => {
    const { bytes } = await renderOne(await solid(SIZE, RED).png().toBuffer(), {
      width: 60,
      cornerRadius: 10,
    });
    const alpha = await sharp(bytes).extractChannel("alpha").raw().toBuffer();
    const mirrored = (operate: "flip" | "flop") =>
      sharp(bytes)[operate]().extractChannel("alpha").raw().toBuffer();
    expect(await mirrored("flip")).toEqual(alpha);
    expect(await mirrored("flop")).toEqual(alpha);
    expect([alpha[0], alpha[10], alpha[10 * 60]]).toEqual([0, 255, 255]);
    const cut = 60 * 40 - alpha.reduce((sum, value) => sum + value / 255, 0);
    expect(Math.abs(cut - (4 - Math.PI) * 10 ** 2)).toBeLessThan(2);
  });

  it("shows the background in the corners of a format without transparency", async () => {
    const spec = { width: 60, cornerRadius: 20, background: "#1e1ee6", formats: ["jpeg"], quality: 100 };
    const { bytes } = await renderOne(await solid(SIZE, RED).png().toBuffer(), spec);
    expectColour(await meanColour(bytes, { left: 0, top: 0, width: 3, height: 3 }), BLUE, 12);
    expectColour(await meanColour(bytes, { left: 25, top: 15, width: 10, height: 10 }), RED, 6);
  });
});
