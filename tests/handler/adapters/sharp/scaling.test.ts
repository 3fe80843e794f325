import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { isSrgbAlready, scaledPixels } from "../../../../handler/adapters/sharp/scaling.ts";
import { halfTransparent, photo, psnr, RED } from "../../../support/images.ts";

const SIZE = { width: 600, height: 400 };

/** A png of what `scaledPixels` makes of an original, beside the one that sharp makes converting first. */
const both = async (original: Uint8Array, size: { width: number; height: number }) => {
  const open = (): Sharp => sharp(original, { autoOrient: true });
  const { data, size: scaled, channels } = await scaledPixels(open(), await open().metadata(), size);
  return [
    await sharp(data, { raw: { ...scaled, channels } })
      .png()
      .toBuffer(),
    await open()
      .resize({ ...size, fit: "fill" })
      .png()
      .toBuffer(),
  ] as const;
};

describe("scaledPixels", () => {
  it.each([
    [150, 100],
    [420, 280],
  ])("shows the colours of Display P3 in sRGB, scaled to %i x %i", async (width, height) => {
    const original = await photo(SIZE).withIccProfile("p3").jpeg({ quality: 95 }).toBuffer();
    const ignored = await sharp(original, { ignoreIcc: true }).resize(width, height).png().toBuffer();
    const [ours, expected] = await both(original, { width, height });
    expect(await psnr(ours, expected)).toBeGreaterThan(48);
    expect(await psnr(ours, ignored)).toBeLessThan(40);
  });

  it("turns a photo with a profile and an orientation upright", async () => {
    const original = await photo({ width: 400, height: 600 })
      .rotate(90)
      .withMetadata({ orientation: 8, icc: "p3" })
      .jpeg({ quality: 95 })
      .toBuffer();
    const [ours, expected] = await both(original, { width: 100, height: 150 });
    expect(await sharp(ours).metadata()).toMatchObject({ width: 100, height: 150 });
    expect(await psnr(ours, expected)).toBeGreaterThan(48);
  });

  it("keeps the transparency of an image with a profile", async () => {
    const original = await halfTransparent(SIZE, RED).withIccProfile("p3").png().toBuffer();
    const [ours, expected] = await both(original, { width: 60, height: 40 });
    const alphas = await Promise.all(
      [ours, expected].map((png) => sharp(png).extractChannel("alpha").raw().toBuffer()),
    );
    expect(alphas[0]).toEqual(alphas[1]);
    // What colour a pixel has that nobody sees is nobody's business.
    const [shown, asExpected] = await Promise.all(
      [ours, expected].map((png) => sharp(png).flatten().png().toBuffer()),
    );
    expect(await psnr(shown ?? ours, asExpected ?? expected)).toBeGreaterThan(48);
  });
});

describe("isSrgbAlready", () => {
  const header = async (original: Sharp) => sharp(await original.png().toBuffer()).metadata();

  it("is said of 8-bit RGB with sRGB's profile alone", async () => {
    expect(isSrgbAlready(await header(photo(SIZE).withIccProfile("srgb")))).toBe(true);
    expect(isSrgbAlready(await header(photo(SIZE).withIccProfile("p3")))).toBe(false);
    expect(isSrgbAlready(await header(photo(SIZE)))).toBe(false);
    const deep = photo(SIZE).toColourspace("rgb16").withIccProfile("srgb");
    expect(isSrgbAlready(await header(deep))).toBe(false);
  });
});
