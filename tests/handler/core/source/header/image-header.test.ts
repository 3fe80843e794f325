import fc from "fast-check";
import type { Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { imageHeader } from "../../../../../handler/core/source/header/image-header.ts";
import { KNOWN_FORMATS, SOURCE_FORMATS } from "../../../../../handler/core/source/image-format.ts";
import { animatedGif, BLUE, halfTransparent, photo, RED } from "../../../../support/images.ts";
import { apng, jpegOfPrecision, pngChunk, tiledTiff } from "../../../../support/unusual-images.ts";

const SIZE = { width: 300, height: 200 };

describe("imageHeader", () => {
  it.each(SOURCE_FORMATS)("reads the size of a %s that an encoder wrote", async (format) => {
    const bytes = await photo(SIZE).toFormat(format).toBuffer();
    expect(imageHeader(bytes, format)).toMatchObject(SIZE);
  });

  it("reads all three kinds of WebP", async () => {
    const kinds = [
      photo(SIZE).webp(),
      photo(SIZE).webp({ lossless: true }),
      halfTransparent(SIZE, RED).webp(),
    ];
    for (const kind of kinds) expect(imageHeader(await kind.toBuffer(), "webp")).toMatchObject(SIZE);
  });

  it("reads a TIFF with tiles, and a BigTIFF", async () => {
    const tiled = await photo(SIZE).tiff({ tile: true, tileWidth: 256, tileHeight: 128 }).toBuffer();
    expect(imageHeader(tiled, "tiff")).toMatchObject({ ...SIZE, heldPixels: 2 * 256 * 128 });
    const big = await photo(SIZE).tiff({ bigtiff: true }).toBuffer();
    expect(imageHeader(big, "tiff")).toMatchObject(SIZE);
  });

  it("finds a tile that is far larger than its image", () => {
    expect(
      imageHeader(tiledTiff({ width: 10, height: 10 }, { width: 65_536, height: 65_536 }), "tiff"),
    ).toMatchObject({
      heldPixels: 2 ** 32,
    });
  });

  it("tells a JPEG and a PNG that must be decoded as a whole", async () => {
    const isWhole = async (pipeline: Sharp, format: "jpeg" | "png") =>
      imageHeader(await pipeline.toFormat(format).toBuffer(), format)?.isWhole;
    expect(await isWhole(photo(SIZE).jpeg(), "jpeg")).toBe(false);
    expect(imageHeader(await photo(SIZE).jpeg({ progressive: true }).toBuffer(), "jpeg")?.isWhole).toBe(true);
    expect(await isWhole(photo(SIZE).png(), "png")).toBe(false);
    expect(imageHeader(await photo(SIZE).png({ progressive: true }).toBuffer(), "png")?.isWhole).toBe(true);
  });

  it("counts the frames of an animated PNG", async () => {
    const png = await photo(SIZE).png().toBuffer();
    expect(imageHeader(png, "png")?.frames).toBeUndefined();
    expect(imageHeader(await apng(SIZE, [RED, BLUE, RED]), "png")).toMatchObject({ ...SIZE, frames: 3 });
  });

  it("reads the canvas of an animation", async () => {
    expect(imageHeader(await animatedGif(SIZE, [RED, BLUE]), "gif")).toMatchObject(SIZE);
  });

  it.each([
    ["a JPEG with 12 bits a channel", jpegOfPrecision(12)],
    ["a JPEG of the lossless kind", jpegOfPrecision(8, 0xc3)],
    ["a JPEG of the hierarchical kind", jpegOfPrecision(8, 0xc5)],
  ])("names %s as not supported", (name, bytes) => {
    expect(imageHeader(bytes, "jpeg")?.unsupported).toBe(name);
  });

  it("names Xcode's PNG as not supported", async () => {
    const png = await photo(SIZE).png().toBuffer();
    const bytes = Buffer.concat([png.subarray(0, 8), pngChunk("CgBI", Buffer.alloc(4)), png.subarray(8)]);
    expect(imageHeader(bytes, "png")?.unsupported).toBe("a PNG in Xcode's own variant of the format");
  });

  it.each(SOURCE_FORMATS)("tells nothing of a %s that ends before its size", async (format) => {
    const bytes = await photo(SIZE).toFormat(format).toBuffer();
    expect(imageHeader(bytes.subarray(0, 7), format)).toBeUndefined();
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN_FORMATS), fc.uint8Array({ maxLength: 400 }), (format, bytes) => {
        imageHeader(bytes, format);
      }),
      { numRuns: 2000 },
    );
  });
});
