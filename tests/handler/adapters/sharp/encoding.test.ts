import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { copyrightOf } from "../../../../handler/core/source/exif.ts";
import { RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";
import { photo, psnr } from "../../../support/images.ts";
import { render, renderOne } from "./rendering.ts";

const SIZE = { width: 240, height: 160 };
const original = await photo(SIZE).png().toBuffer();

const bytesOf = async (spec: object) => (await renderOne(original, { width: 240, ...spec })).bytes;

/** Components of a JPEG's first frame: their sampling factors, as bytes of horizontal and vertical (ITU-T T.81, B.2.2). */
const samplingFactors = (jpeg: Uint8Array): readonly number[] => {
  const bytes = Buffer.from(jpeg);
  const start = Math.max(bytes.indexOf(Buffer.from([0xff, 0xc0])), bytes.indexOf(Buffer.from([0xff, 0xc2])));
  const components = bytes[start + 9] ?? 0;
  return Array.from({ length: components }, (_, index) => bytes[start + 11 + 3 * index] ?? 0);
};

const NOTICE = "(C) 2026 Ada Lovelace, all rights reserved";

describe("encoded", () => {
  it("knows every format that the binaries write, and refuses JPEG XL for as long as they do not", () => {
    expect(sharp.format.jxl.output.buffer).toBe(false);
    for (const format of RENDITION_FORMATS) {
      expect(sharp.format[format === "avif" ? "heif" : format].output.buffer).toBe(true);
    }
  });

  it.each(["jpeg", "webp", "png", "avif"] as const)(
    "keeps the copyright in a %s when told, and nothing else",
    async (format) => {
      const camera = await photo(SIZE)
        .withExif({
          IFD0: { Copyright: NOTICE, Model: "Camera 0815", Artist: "Ada" },
          IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 31/1 0/1" },
        })
        .jpeg()
        .toBuffer();
      const spec = { width: 120, formats: [format] };
      const kept = await renderOne(camera, { ...spec, keepCopyright: true });
      const { exif } = await sharp(kept.bytes).metadata();
      expect(copyrightOf(exif ?? new Uint8Array())).toBe(NOTICE);
      for (const trace of ["Camera 0815", "Artist", "GPS", "Ada\0"])
        expect(Buffer.from(kept.bytes).includes(trace)).toBe(false);
      expect((await sharp((await renderOne(camera, spec)).bytes).metadata()).exif).toBeUndefined();
    },
  );

  it("writes no EXIF for an original that has no copyright", async () => {
    const bytes = await bytesOf({ formats: ["jpeg"], keepCopyright: true });
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });

  it.each(["webp", "avif"] as const)("loses nothing in a lossless %s", async (format) => {
    expect(await psnr(await bytesOf({ formats: [format], lossless: true }), original)).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(await psnr(await bytesOf({ formats: [format] }), original)).toBeLessThan(60);
  });

  it.each([
    ["webp", 2],
    ["avif", 3],
    ["gif", 1],
  ] as const)("encodes a %s with effort %i unless the spec says otherwise", async (format, effort) => {
    const bytes = await bytesOf({ formats: [format] });
    expect(bytes).toEqual(await bytesOf({ formats: [format], effort }));
    expect(bytes).not.toEqual(await bytesOf({ formats: [format], effort: effort + 3 }));
  });

  it("spends the effort that the spec wants", async () => {
    const [hasty, thorough] = await Promise.all(
      [0, 6].map((effort) => bytesOf({ formats: ["webp"], effort })),
    );
    expect(thorough?.length).toBeLessThan(hasty?.length ?? 0);
    const gifs = await Promise.all([1, 10].map((effort) => bytesOf({ formats: ["gif"], effort })));
    expect(gifs[0]).not.toEqual(gifs[1]);
  });

  it.each([
    ["jpeg", true, false],
    ["png", false, true],
  ] as const)("writes a %s progressive by default %j, and %j when told", async (format, byDefault, told) => {
    const isProgressive = async (spec: object) =>
      (await sharp(await bytesOf({ formats: [format], ...spec })).metadata()).isProgressive;
    expect([await isProgressive({}), await isProgressive({ progressive: told })]).toEqual([byDefault, told]);
  });

  it("keeps the colours' resolution when told, in jpeg and avif", async () => {
    const factors = async (spec: object) => samplingFactors(await bytesOf({ formats: ["jpeg"], ...spec }));
    expect(await factors({})).toEqual([0x22, 0x11, 0x11]);
    expect(await factors({ chromaSubsampling: "4:4:4" })).toEqual([0x11, 0x11, 0x11]);
    // The codec configuration box, third byte: bits 3 and 2 tell whether colours are halved across and down (AV1-ISOBMFF, 2.3.3).
    const isHalved = async (spec: object) => {
      const bytes = Buffer.from(await bytesOf({ formats: ["avif"], ...spec }));
      return ((bytes[bytes.indexOf("av1C") + 6] ?? 0) >> 2) & 3;
    };
    expect([await isHalved({}), await isHalved({ chromaSubsampling: "4:2:0" })]).toEqual([0, 3]);
  });

  it.each(["webp", "jpeg", "avif"] as const)(
    "lowers the quality of a %s until it fits its bytes",
    async (format) => {
      const free = (await bytesOf({ formats: [format], quality: 90 })).length;
      const maxBytes = Math.round(free / 2);
      const file = await bytesOf({ formats: [format], quality: 90, maxBytes });
      expect(file.length).toBeLessThanOrEqual(maxBytes);
      expect(file.length).toBeGreaterThan(maxBytes / 2);
    },
  );

  it("changes nothing of a file that fits, and holds only what has a quality to its bytes", async () => {
    expect(await bytesOf({ formats: ["jpeg"], maxBytes: 1_000_000 })).toEqual(
      await bytesOf({ formats: ["jpeg"] }),
    );
    const files = await render(original, [
      { name: "card", width: 240, formats: ["png", "webp"], maxBytes: 3_000 },
    ]);
    const [png, webp] = files.map(({ bytes }) => bytes.length);
    expect(png).toBeGreaterThan(3_000);
    expect(webp).toBeLessThanOrEqual(3_000);
  });
});
