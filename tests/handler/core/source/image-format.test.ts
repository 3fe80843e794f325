import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { SOURCE_FORMATS, sourceFormat } from "../../../../handler/core/source/image-format.ts";
import { animatedGif, BLUE, photo, RED } from "../../../support/images.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** An ISO base media file's first box: length, "ftyp", major brand, version, compatible brands. */
const isoFile = (major: string, ...compatible: readonly string[]): Uint8Array => {
  const box = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from("ftyp"),
    Buffer.from(major),
    Buffer.alloc(4),
    ...compatible.map((brand) => Buffer.from(brand)),
  ]);
  box.writeUInt32BE(box.length);
  return Buffer.concat([box, Buffer.from("\0\0\0\0mdatavif")]);
};

const refusal = (bytes: Uint8Array): string => {
  try {
    return sourceFormat(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: "UNSUPPORTED_FORMAT", retryable: false });
    return error instanceof Error ? error.message : "";
  }
};

const EXPECTED = "; expected jpeg, png, webp, gif, avif, tiff.";

describe("sourceFormat", () => {
  it.each(SOURCE_FORMATS)("tells %s from a file that an encoder wrote", async (format) => {
    const bytes = await photo({ width: 64, height: 48 }).toFormat(format).toBuffer();
    expect(sourceFormat(bytes)).toBe(format);
  });

  it("tells what later versions and other byte orders of a format look like", async () => {
    expect(sourceFormat(await animatedGif({ width: 8, height: 8 }, [RED, BLUE]))).toBe("gif");
    expect(sourceFormat(text("GIF87a..."))).toBe("gif");
    expect(sourceFormat(Uint8Array.of(0x4d, 0x4d, 0, 0x2a))).toBe("tiff");
    expect(sourceFormat(Uint8Array.of(0x49, 0x49, 0x2b, 0, 8, 0, 0, 0))).toBe("tiff");
    expect(sourceFormat(isoFile("avis", "msf1"))).toBe("avif");
    expect(sourceFormat(isoFile("mif1", "mif1", "avif", "miaf"))).toBe("avif");
  });

  it.each([
    ["heic", isoFile("heic", "mif1", "heic")],
    ["heic", isoFile("mif1", "mif1", "heic")],
    ["svg", text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ["svg", text('\uFEFF<?xml version="1.0"?>\n<!-- by hand -->\n<svg:svg xmlns:svg="x"></svg:svg>')],
    ["svg", text('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<svg>')],
  ])("tells %s, which is processed on a condition", (format, bytes) => {
    expect(sourceFormat(bytes)).toBe(format);
  });

  it("reads only the view it is given, not the memory around it", async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const padded = Buffer.concat([isoFile("avif"), png]);
    expect(sourceFormat(padded.subarray(isoFile("avif").length))).toBe("png");
  });

  it.each([
    ["a PDF document", text("%PDF-1.7")],
    ["a BMP image", Buffer.concat([text("BM"), Buffer.alloc(60)])],
    ["a JPEG XL image", Uint8Array.of(0xff, 0x0a, 0xfa)],
    ["a JPEG XL image", Uint8Array.of(0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20, 0x0d, 0x0a, 0x87, 0x0a)],
    ["a JPEG 2000 image", Uint8Array.of(0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a)],
    ["a JPEG 2000 image", Uint8Array.of(0xff, 0x4f, 0xff, 0x51)],
    ["a Windows icon", Uint8Array.of(0, 0, 1, 0, 1, 0)],
    ["a Photoshop document", text("8BPS\0\u0001")],
    ["an OpenEXR image", Uint8Array.of(0x76, 0x2f, 0x31, 0x01)],
    ["a gzip archive", Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ["a ZIP archive", Uint8Array.of(0x50, 0x4b, 3, 4)],
    ["a video", isoFile("mp42", "isom")],
    ["a video", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)],
    ["an HTML page", text("<!DOCTYPE html>\n<html>")],
    ["an HTML page", text("  <html lang=en>")],
    ["no kind of image that is known here", text("Just a text, renamed to .jpg")],
    ["no kind of image that is known here", Buffer.from("BMW is a car maker, this is a text")],
    ["no kind of image that is known here", new Uint8Array()],
    ["no kind of image that is known here", Uint8Array.of(0xff, 0xd8)],
    ["no kind of image that is known here", text("RIFF....WAVE")],
  ])("names %s in the reason", (name, bytes) => {
    expect(refusal(bytes)).toBe(`The file's content is ${name}${EXPECTED}`);
  });
});
