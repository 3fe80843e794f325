import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { captureOf, copyrightOf } from "../../../../handler/core/source/exif.ts";
import { photo } from "../../../support/images.ts";

/** An EXIF block whose first directory has one entry, its value behind it. */
const block = (
  text: string,
  {
    isLittleEndian = true,
    tag = 0x8298,
    type = 2,
    prefix = "",
  }: {
    readonly isLittleEndian?: boolean;
    readonly tag?: number;
    readonly type?: number;
    readonly prefix?: string;
  } = {},
): Uint8Array => {
  const value = new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer(26 + value.length));
  view.setUint16(0, isLittleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittleEndian);
  view.setUint32(4, 8, isLittleEndian);
  view.setUint16(8, 1, isLittleEndian);
  view.setUint16(10, tag, isLittleEndian);
  view.setUint16(12, type, isLittleEndian);
  view.setUint32(14, value.length, isLittleEndian);
  if (value.length <= 4) Buffer.from(view.buffer).set(value, 18);
  else view.setUint32(18, 26, isLittleEndian);
  Buffer.from(view.buffer).set(value, 26);
  return Buffer.concat([Buffer.from(prefix), Buffer.from(view.buffer)]);
};

describe("copyrightOf", () => {
  it.each([true, false])(
    "reads the notice, little-endian %j, with and without a prefix",
    (isLittleEndian) => {
      for (const prefix of ["", "Exif\0\0"]) {
        expect(copyrightOf(block("© 2026 Ada\0", { isLittleEndian, prefix }))).toBe("© 2026 Ada");
      }
    },
  );

  it("reads a notice that is short enough for its entry", () => {
    expect(copyrightOf(block("Ada\0"))).toBe("Ada");
  });

  it("joins the photographer's and the editor's", () => {
    expect(copyrightOf(block("Ada\0Bob\0"))).toBe("Ada; Bob");
    expect(copyrightOf(block(" \0Bob\0"))).toBe("Bob");
  });

  it.each([
    ["an empty notice", block(" \0\0\0\0\0")],
    ["another tag", block("Camera\0", { tag: 0x0110 })],
    ["a notice that is no text", block("Camera\0", { type: 7 })],
    ["a notice of more than 1,024 bytes", block("x".repeat(1_025))],
    ["what is no EXIF", Buffer.from("neither of both byte orders")],
    ["nothing", new Uint8Array()],
  ])("finds none in %s", (_what, exif) => {
    expect(copyrightOf(exif)).toBeUndefined();
  });

  it("finds none in a block that is cut off anywhere", () => {
    const whole = block("© 2026 Ada\0");
    for (let length = 0; length < whole.length; length += 1) {
      expect(copyrightOf(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isLittleEndian) => {
        const exif = Buffer.concat([Buffer.from(isLittleEndian ? "II*\0" : "MM\0*"), bytes]);
        expect(["string", "undefined"]).toContain(typeof copyrightOf(exif));
      }),
    );
  });
});

describe("captureOf", () => {
  const made = async (exif: Parameters<ReturnType<typeof photo>["withExif"]>[0], keepsPosition = true) => {
    const jpeg = await photo({ width: 8, height: 8 }).withExif(exif).jpeg().toBuffer();
    const { exif: read = Buffer.alloc(0) } = await sharp(jpeg).metadata();
    return captureOf(read, keepsPosition);
  };

  it("names the camera once when its model begins with the maker", async () => {
    expect((await made({ IFD0: { Make: "Canon", Model: "Canon EOS R5" } }))?.camera).toBe("Canon EOS R5");
    expect((await made({ IFD0: { Make: "Apple", Model: "iPhone 16" } }))?.camera).toBe("Apple iPhone 16");
    expect((await made({ IFD0: { Make: "NIKON CORPORATION", Model: "NIKON Z 8" } }))?.camera).toBe(
      "NIKON Z 8",
    );
  });

  it("takes controls out of a camera's name, and what is beyond 100 characters", async () => {
    expect((await made({ IFD0: { Model: `a\u0007b${"x".repeat(200)}` } }))?.camera).toBe(
      `ab${"x".repeat(98)}`,
    );
  });

  it("tells the local time, with the offset where the camera knew it", async () => {
    const DateTimeOriginal = "2026:07:01 12:30:00";
    expect((await made({ IFD2: { DateTimeOriginal } }))?.takenAt).toBe("2026-07-01T12:30:00");
    expect((await made({ IFD2: { DateTimeOriginal: "yesterday" } }))?.takenAt).toBeUndefined();
  });

  it("tells a position only when it is wanted, and only a possible one", async () => {
    const gps = (degrees: string) => ({
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: degrees,
        GPSLongitudeRef: "W",
        GPSLongitude: "13/1 24/1 0/1",
      },
    });
    expect((await made(gps("52/1 31/1 12/1")))?.position).toEqual({ latitude: 52.52, longitude: -13.4 });
    expect((await made(gps("91/1 0/1 0/1")))?.position).toBeUndefined();
    expect(await made(gps("52/1 31/1 12/1"), false)).toBeUndefined();
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isLittleEndian) => {
        captureOf(Buffer.concat([Buffer.from(isLittleEndian ? "II*\0" : "MM\0*"), bytes]), true);
      }),
    );
  });
});
