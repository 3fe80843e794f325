import sharp from "sharp";
import { describe, expect, it } from "vitest";
import {
  BLUE,
  halfTransparent,
  meanColour,
  photo,
  psnr,
  quarters,
  RED,
  solid,
} from "../../../support/images.ts";
import { expectColour, renderOne, whole } from "./rendering.ts";

const SIZE = { width: 120, height: 80 };
const original = await photo(SIZE).png().toBuffer();
const WHITE = [255, 255, 255] as const;

const deviation = async (bytes: Uint8Array): Promise<number> =>
  (await sharp(bytes).stats()).channels[0]?.stdev ?? 0;

/** Alpha at a point of a png. */
const alphaAt = async (bytes: Uint8Array, left: number, top: number): Promise<number | undefined> => {
  const part = { left, top, width: 1, height: 1 };
  const [alpha] = await sharp(bytes).extract(part).extractChannel("alpha").raw().toBuffer();
  return alpha;
};

describe("operated", () => {
  it("turns colours into greys", async () => {
    const file = await renderOne(await solid(SIZE, RED).png().toBuffer(), { width: 60, grayscale: true });
    const [red, green, blue] = await meanColour(file.bytes, whole(file));
    // 0.2126 x 230 + 0.7152 x 30 + 0.0722 x 30 = 72.5, cut.
    expect([red, green, blue]).toEqual([72, 72, 72]);
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

  it("scales with the kernel, from every pixel of the original", async () => {
    const file = await renderOne(original, { width: 30, kernel: "nearest" });
    const { width, height } = file;
    const resize = (kernel: "nearest" | "lanczos3") =>
      sharp(original).resize({ width, height, fit: "fill", kernel }).png().toBuffer();
    expect(await psnr(file.bytes, await resize("nearest"))).toBe(Number.POSITIVE_INFINITY);
    expect(await psnr(file.bytes, await resize("lanczos3"))).toBeLessThan(40);
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

  it("pads with transparency when told, and with white where the format has none", async () => {
    const box = { width: 40, height: 40, fit: "contain", background: "transparent" };
    const red = await solid({ width: 80, height: 40 }, RED).png().toBuffer();
    const png = await renderOne(red, box);
    expect([await alphaAt(png.bytes, 5, 2), await alphaAt(png.bytes, 5, 20)]).toEqual([0, 255]);
    const jpeg = await renderOne(red, { ...box, formats: ["jpeg"] });
    expectColour(await meanColour(jpeg.bytes, { left: 5, top: 0, width: 30, height: 6 }), WHITE, 4);
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
