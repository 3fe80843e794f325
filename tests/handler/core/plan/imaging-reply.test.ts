import { describe, expect, it } from "vitest";
import { asReason, parseImagingReply } from "../../../../handler/core/plan/imaging-reply.ts";

const image = { format: "jpeg", width: 40, height: 30, pages: 1, hasAlpha: false };
const looks = {
  dominantColour: "#0a1b2c",
  placeholder: "data:image/webp;base64,UklGRg==",
  thumbHash: "1QcSHQ==",
};

const inspected = (changes: object) =>
  parseImagingReply(JSON.stringify({ kind: "inspected", number: 1, image: { ...image, ...changes } }));
const transformed = (changes: object) =>
  parseImagingReply(JSON.stringify({ kind: "transformed", number: 1, appearance: { ...looks, ...changes } }));
const refused = (changes: object) =>
  parseImagingReply(
    JSON.stringify({
      kind: "error",
      number: 1,
      code: "CORRUPT_IMAGE",
      message: "Broken.",
      cause: "",
      ...changes,
    }),
  );

describe("parseImagingReply", () => {
  it("reads what a decoder says of an image", () => {
    const capture = {
      camera: "Maker Model",
      takenAt: "2026-07-01T12:30:00+02:00",
      position: { latitude: -52.5, longitude: 13.4 },
    };
    const contents = [{ threshold: 10, left: 0, top: 3, width: 20, height: 10 }];
    const told = { ...image, capture, contents, isPreview: true, decodeBytes: 1.5 };
    expect(inspected(told)).toEqual({ kind: "inspected", number: 1, image: told });
  });

  it("leaves out what it does not know", () => {
    expect(inspected({ "<script>": "alert(1)", ["__proto__"]: { isAdmin: true } })).toEqual({
      kind: "inspected",
      number: 1,
      image,
    });
  });

  it.each([
    { format: "pdf" },
    { width: 0 },
    { width: 1.5 },
    { height: 4_294_967_296 },
    { pages: -1 },
    { hasAlpha: "yes" },
    { decodeBytes: -1 },
    { contents: [{ threshold: 255, left: 0, top: 0, width: 1, height: 1 }] },
    { contents: Array.from({ length: 256 }, () => ({ threshold: 1, left: 0, top: 0, width: 1, height: 1 })) },
    { capture: { camera: "\u001b[31mred" } },
    { capture: { camera: "x".repeat(101) } },
    { capture: { takenAt: "yesterday" } },
    { capture: { position: { latitude: 91, longitude: 0 } } },
  ])("refuses an image with %j", (changes) => {
    expect(inspected(changes)).toBeUndefined();
  });

  it("reads how an image looks", () => {
    expect(transformed({})).toEqual({ kind: "transformed", number: 1, appearance: looks });
  });

  it.each([
    { dominantColour: "red;background:url(//evil.example)" },
    { placeholder: "data:text/html;base64,PHNjcmlwdD4=" },
    { placeholder: 'data:image/webp;base64,AAAA" onload="alert(1)' },
    { placeholder: `data:image/webp;base64,${"A".repeat(5000)}` },
    { thumbHash: "" },
    { thumbHash: "A".repeat(65) },
  ])("refuses looks with %j", (changes) => {
    expect(transformed(changes)).toBeUndefined();
  });

  it.each([
    { code: "SOURCE_MISSING" },
    { message: "One.\nTwo." },
    { message: "\u202Egnp.exe" },
    { message: "One.\u2028Two." },
    { message: "x".repeat(1001) },
    { cause: "\u001b[2J" },
    { number: 0 },
  ])("refuses a reason with %j", (changes) => {
    expect(refused({})).toMatchObject({ kind: "error", code: "CORRUPT_IMAGE" });
    expect(refused(changes)).toBeUndefined();
  });

  it.each(["", "garbage", "null", "[]", '{"kind":"stored"}', `${"[".repeat(100_000)}`])(
    "refuses what is no reply",
    (text) => {
      expect(parseImagingReply(text)).toBeUndefined();
    },
  );
});

describe("asReason", () => {
  it("makes any text into one that a reply may hold", () => {
    const reason = asReason(`VipsJpeg: premature end\nvips: \u001b[31m\u202E${"x".repeat(2000)}`);
    expect(reason).toBe(`VipsJpeg: premature end vips:  [31m ${"x".repeat(964)}`);
    expect(refused({ message: reason, cause: reason })).toMatchObject({ message: reason, cause: reason });
  });
});
