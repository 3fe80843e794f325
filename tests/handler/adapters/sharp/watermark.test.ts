import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { BLUE, halfTransparent, meanColour, photo, RED, solid } from "../../../support/images.ts";
import { alphaAt, expectColour, renderOne } from "./rendering.ts";

const SIZE = { width: 200, height: 100 };
const red = await solid(SIZE, RED).png().toBuffer();
const logo = await solid({ width: 80, height: 40 }, BLUE).png().toBuffer();
const logos = new Map([["logo.png", logo]]);

const halfAnImage = (await photo(SIZE).png().toBuffer()).subarray(0, 4000);
const tooLarge = await sharp({ create: { width: 4097, height: 4097, channels: 3, background: "red" } })
  .png()
  .toBuffer();

const marked = (watermark: object, bytes: Uint8Array = red, watermarks = logos) =>
  renderOne(bytes, { width: 200, watermark }, watermarks);

const colourAt = (bytes: Uint8Array, left: number, top: number, width = 1, height = 1) =>
  meanColour(bytes, { left, top, width, height });

/** Whether each pixel differs from the red behind. */
const inkOf = async (bytes: Uint8Array): Promise<readonly boolean[]> => {
  const data = await sharp(bytes).removeAlpha().raw().toBuffer();
  return Array.from({ length: data.length / 3 }, (_, at) =>
    RED.some((value, index) => Math.abs(value - (data[at * 3 + index] ?? 0)) > 8),
  );
};

describe("a watermark that is an image", () => {
  it("stands where it is told, as large as its scale, at its opacity, and leaves the rest alone", async () => {
    const { bytes } = await marked({ image: "logo.png", scale: 0.2, margin: 0.1, opacity: 0.5 });
    // A fifth of 200 x 100 is 40 x 20; its margin is a tenth of 100.
    const half = RED.map((value, index) => (value + (BLUE[index] ?? 0)) / 2);
    const [r = 0, g = 0, b = 0] = half;
    expectColour(await colourAt(bytes, 151, 71, 38, 18), [r, g, b], 1);
    const ink = await inkOf(bytes);
    expect(ink.filter(Boolean)).toHaveLength(40 * 20);
    expect([ink[70 * 200 + 150], ink[89 * 200 + 189], ink[90 * 200 + 189], ink[89 * 200 + 190]]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("keeps what is opaque opaque, and marks what is transparent", async () => {
    const opaque = await marked({ image: "logo.png" });
    expect((await sharp(opaque.bytes).metadata()).hasAlpha).toBe(false);
    const clear = await marked(
      { image: "logo.png", opacity: 1, scale: 0.2, margin: 0 },
      await halfTransparent(SIZE, RED).png().toBuffer(),
    );
    expect([await alphaAt(clear.bytes, 190, 95), await alphaAt(clear.bytes, 190, 10)]).toEqual([255, 0]);
  });

  it("shows through where it is transparent itself", async () => {
    const clear = await halfTransparent({ width: 80, height: 40 }, BLUE).png().toBuffer();
    const { bytes } = await marked(
      { image: "logo.png", scale: 0.4, opacity: 1, position: "left top", margin: 0 },
      red,
      new Map([["logo.png", clear]]),
    );
    expectColour(await colourAt(bytes, 5, 5, 20, 20), BLUE, 1);
    expectColour(await colourAt(bytes, 50, 5, 20, 20), RED, 1);
  });

  it("covers all of the rendition again and again, with its margin between", async () => {
    const { bytes } = await marked({ image: "logo.png", scale: 0.1, margin: 0.1, opacity: 1, tile: true });
    const ink = await inkOf(bytes);
    // 20 x 10 every 30 x 20.
    expect(ink.filter(Boolean).length / ink.length).toBeCloseTo((20 * 10) / (30 * 20), 1);
    for (let left = 0; left + 30 <= 200; left += 30) {
      for (let top = 0; top + 20 <= 100; top += 20) {
        const part = { left, top, width: 30, height: 20 };
        const [, , blue] = await meanColour(bytes, part);
        expect(Math.abs(blue - (BLUE[2] / 3 + (RED[2] * 2) / 3))).toBeLessThan(2);
      }
    }
  });

  it("covers the rendition once when it is as large as that", async () => {
    const { bytes } = await marked({ image: "logo.png", scale: 1, margin: 0.5, opacity: 1, tile: true });
    expectColour(await colourAt(bytes, 0, 0, 200, 100), BLUE, 0);
  });

  it.each(["jpeg", "webp", "avif", "gif", "tiff", "png"] as const)("may be a %s", async (format) => {
    const mark = await solid({ width: 80, height: 40 }, BLUE).toFormat(format).toBuffer();
    const { bytes } = await marked(
      { image: "logo.png", opacity: 1, scale: 1, position: "centre" },
      red,
      new Map([["logo.png", mark]]),
    );
    expectColour(await colourAt(bytes, 50, 25, 100, 50), BLUE, 8);
  });

  it.each([
    ["a text", Buffer.from("no image")],
    ["a drawing", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ["half an image", halfAnImage],
    ["too large", tooLarge],
  ])("fails for another try when it is %s, and leaves nothing unmarked", async (_, bytes) => {
    await expect(marked({ image: "logo.png" }, red, new Map([["logo.png", bytes]]))).rejects.toMatchObject({
      code: "WATERMARK_UNUSABLE",
      retryable: true,
      message: expect.stringMatching(
        /^The watermark logo\.png is no image that can be used: .+\. To mend it, upload it again, or bring back its last version, which the source bucket keeps; then `npm run redrive` brings back what failed meanwhile\.$/,
      ),
    });
  });

  it("fails when it was not read", async () => {
    await expect(marked({ image: "logo.png" }, red, new Map())).rejects.toMatchObject({
      code: "WATERMARK_UNUSABLE",
    });
  });
});

describe("a watermark that is a text", () => {
  it("is drawn in its colour, within its box, on its shadow", async () => {
    const { bytes } = await marked({ text: "IIII", scale: 0.5, opacity: 1, position: "centre", margin: 0 });
    const ink = await inkOf(bytes);
    const columns = new Set(ink.flatMap((isInk, at) => (isInk ? [at % 200] : [])));
    const rows = new Set(ink.flatMap((isInk, at) => (isInk ? [Math.floor(at / 200)] : [])));
    expect([Math.min(...columns), Math.max(...columns)].every((x) => x >= 50 && x < 150)).toBe(true);
    expect([Math.min(...rows), Math.max(...rows)].every((y) => y >= 25 && y < 75)).toBe(true);
    expect(rows.size).toBeGreaterThan(35);
    const data = await sharp(bytes).removeAlpha().raw().toBuffer();
    const pixels = Array.from({ length: data.length / 3 }, (_, at) => [...data.subarray(at * 3, at * 3 + 3)]);
    expect(pixels.filter(([r = 0, g = 0, b = 0]) => Math.min(r, g, b) > 240).length).toBeGreaterThan(200);
    expect(pixels.filter(([r = 0]) => r < RED[0] * 0.8).length).toBeGreaterThan(100);
  });

  it("is drawn as it is written, markup and all", async () => {
    const written = await marked({ text: "<b>a & b</b>" });
    const bare = await marked({ text: "a & b" });
    expect((await inkOf(written.bytes)).filter(Boolean).length).not.toBe(
      (await inkOf(bare.bytes)).filter(Boolean).length,
    );
  });
});
