import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyrightOf } from "../../../handler/core/exif.ts";

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
