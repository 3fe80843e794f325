import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fromProfiled } from "../../../../handler/adapters/sharp/profile.ts";
import { halfTransparent, RED, solid } from "../../../support/images.ts";
import { alphaAt, render, renderOne } from "./rendering.ts";

const SIZE = { width: 60, height: 40 };
const { icc: P3 } = await sharp(await solid(SIZE, RED).withIccProfile("p3").png().toBuffer()).metadata();
if (P3 === undefined) throw new Error("Expected a profile.");

/** A colour that is inside of Display P3 and outside of sRGB. */
const VIVID = [20, 250, 30] as const;

const pixelsOf = (colour: readonly [number, number, number]) => ({
  data: new Uint8Array(SIZE.width * SIZE.height * 3).map((_, index) => colour[index % 3] ?? 0),
  size: SIZE,
  channels: 3 as const,
});

const original = await fromProfiled(pixelsOf(VIVID), P3).png().toBuffer();

/** A file's own numbers, whatever profile they are in. */
const numbersOf = async (bytes: Uint8Array): Promise<readonly number[]> => {
  const { data, info } = await sharp(bytes).keepIccProfile().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, Math.min(3, info.channels))];
};

const profileOf = async (bytes: Uint8Array): Promise<Buffer | undefined> =>
  (await sharp(bytes).metadata()).icc;

const near = (values: readonly number[], expected: readonly number[], tolerance: number): boolean =>
  values.every((value, index) => Math.abs(value - (expected[index] ?? 0)) <= tolerance);

describe("the profile of an original", () => {
  it("is in the file that these tests begin with, with its numbers untouched", async () => {
    expect(await profileOf(original)).toEqual(P3);
    expect(await numbersOf(original)).toEqual([...VIVID]);
  });

  it.each(["png", "webp", "jpeg", "avif", "tiff"] as const)(
    "stays in a %s that keeps it, with its colours",
    async (format) => {
      const { bytes } = await renderOne(original, {
        width: 30,
        formats: [format],
        quality: 100,
        keepProfile: true,
      });
      expect(await profileOf(bytes)).toEqual(P3);
      const numbers = await numbersOf(bytes);
      expect(near(numbers, VIVID, 4), `${numbers}`).toBe(true);
    },
  );

  it("is left out of a rendition beside it that does not keep it, whose colours are converted", async () => {
    const files = await render(original, [
      { name: "wide", width: 30, formats: ["png"], keepProfile: true },
      { name: "plain", width: 30, formats: ["png"] },
    ]);
    const [wide, plain] = await Promise.all(
      files.map(async ({ bytes }) => ({ profile: await profileOf(bytes), numbers: await numbersOf(bytes) })),
    );
    expect(wide).toEqual({ profile: P3, numbers: [...VIVID] });
    expect(plain?.profile).toBeUndefined();
    // sRGB has no red this far below none: it is cut.
    expect(near(plain?.numbers ?? [], [0, 255, 0], 8), `${plain?.numbers}`).toBe(true);
  });

  it("is kept through operations, and with transparency", async () => {
    const clear = await halfTransparent(SIZE, RED).raw().toBuffer({ resolveWithObject: true });
    const tagged = await fromProfiled({ data: clear.data, size: SIZE, channels: 4 }, P3).png().toBuffer();
    const { bytes, width } = await renderOne(tagged, {
      width: 30,
      border: { width: 2, colour: "#102030" },
      keepProfile: true,
    });
    expect(width).toBe(34);
    expect(await profileOf(bytes)).toEqual(P3);
    expect(await numbersOf(bytes)).toEqual([16, 32, 48]);
    expect([await alphaAt(bytes, 6, 6), await alphaAt(bytes, 29, 6)]).toEqual([255, 0]);
  });

  it("is kept beside the copyright, and nothing else is", async () => {
    const camera = await sharp(original)
      .keepIccProfile()
      .withExif({ IFD0: { Copyright: "(C) Ada", Model: "Camera 0815" } })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { bytes } = await renderOne(camera, {
      width: 30,
      formats: ["jpeg"],
      keepProfile: true,
      keepCopyright: true,
    });
    const { icc, exif } = await sharp(bytes).metadata();
    expect(icc).toEqual(P3);
    expect(exif?.includes("(C) Ada")).toBe(true);
    expect(exif?.includes("Camera 0815")).toBe(false);
  });

  it.each([
    ["has none", solid(SIZE, RED).png()],
    ["is CMYK", solid(SIZE, RED).toColourspace("cmyk").withIccProfile("cmyk").jpeg()],
  ] as const)("is not looked for where it %s", async (_, pipeline) => {
    const { bytes } = await renderOne(await pipeline.toBuffer(), { width: 30, keepProfile: true });
    expect(await profileOf(bytes)).toBeUndefined();
  });

  it("is converted when it is larger than 16 KiB", async () => {
    const padded = Buffer.concat([P3, Buffer.alloc(17_000)]);
    padded.writeUInt32BE(padded.length, 0);
    const large = await fromProfiled(pixelsOf(VIVID), padded).png().toBuffer();
    const { bytes } = await renderOne(large, { width: 30, keepProfile: true });
    expect(await profileOf(bytes)).toBeUndefined();
  });
});
