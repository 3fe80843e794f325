import { expect, it } from "vitest";
import { codeOf, parseLibraryVersions } from "../../../../handler/core/record/provenance.ts";

it("a zip is told by the first 16 digits of its SHA-256", () => {
  expect(codeOf("0123456789abcdef".repeat(4))).toBe("0123456789abcdef");
});

it("sharp's version is that of its binaries, and libvips' that of the libraries", () => {
  expect(
    parseLibraryVersions(
      { name: "@img/sharp-linux-x64", version: "0.35.5" },
      { vips: "8.18.7", webp: "1.6.0" },
    ),
  ).toEqual({ sharp: "0.35.5", libvips: "8.18.7" });
});

it.each([
  ["nothing", undefined],
  ["no object", "0.35.5"],
  ["an object without it", {}],
  ["a version that is no text", { version: 1, vips: 8 }],
])("what %s tells is unknown", (_what, told) => {
  expect(parseLibraryVersions(told, told)).toEqual({ sharp: "unknown", libvips: "unknown" });
});
