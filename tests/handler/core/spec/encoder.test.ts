import { describe, expect, it } from "vitest";
import { encoderOptions, encoderProblems } from "../../../../handler/core/spec/encoder.ts";
import { RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";

const EVERYTHING = {
  quality: 70,
  maxBytes: 9_000,
  effort: 5,
  lossless: false,
  progressive: true,
  chromaSubsampling: "4:4:4",
} as const;

describe("encoderOptions", () => {
  it.each([
    ["webp", { quality: 70, maxBytes: 9_000, effort: 5 }],
    ["jpeg", { quality: 70, maxBytes: 9_000, progressive: true, chromaSubsampling: "4:4:4" }],
    ["png", { progressive: true }],
    ["avif", { quality: 70, maxBytes: 9_000, effort: 5, chromaSubsampling: "4:4:4" }],
    ["gif", { effort: 5 }],
    ["tiff", {}],
  ] as const)("gives %s what it has of a spec", (format, expected) => {
    expect(encoderOptions(EVERYTHING, format)).toEqual(expected);
  });

  it("leave out the quality of what is lossless, and only of that", () => {
    const lossless = RENDITION_FORMATS.map((format) => [
      format,
      encoderOptions({ lossless: true, quality: 60 }, format),
    ]);
    expect(Object.fromEntries(lossless)).toEqual({
      webp: { lossless: true },
      jpeg: { quality: 60 },
      png: {},
      avif: { lossless: true },
      gif: {},
      tiff: {},
    });
  });
});

describe("encoderProblems", () => {
  it("finds none in options that some format has", () => {
    expect(encoderProblems(EVERYTHING, ["webp", "auto", "avif"])).toEqual([]);
  });

  it.each([
    ["effort", 3, ["jpeg", "png", "tiff"]],
    ["lossless", true, ["jpeg", "png", "gif", "tiff", "auto"]],
    ["progressive", true, ["webp", "avif", "gif", "tiff"]],
    ["chromaSubsampling", "4:2:0", ["webp", "png", "gif", "tiff"]],
    ["keepCopyright", true, ["gif", "tiff"]],
    ["keepProfile", true, ["gif"]],
    ["maxBytes", 9_000, ["png", "gif", "tiff"]],
  ] as const)("finds %s where no format has it", (property, value, formats) => {
    expect(encoderProblems({ [property]: value }, formats)).toEqual([
      [property, `expected no ${property} with the formats ${formats.join(", ")}: none has it`],
    ]);
  });

  it.each([
    ["webp", 7, "0 to 6"],
    ["avif", 10, "0 to 9"],
    ["gif", 0, "1 to 10"],
  ] as const)("finds an effort that %s does not go to: %i", (format, effort, range) => {
    expect(encoderProblems({ effort }, [format])).toEqual([
      ["effort", `expected ${range}, the efforts of ${format}`],
    ]);
  });

  it("finds a byte target where there is no quality to lower", () => {
    expect(encoderProblems({ lossless: true, maxBytes: 9_000 }, ["webp"])).toEqual([
      ["maxBytes", "expected no maxBytes with lossless: only a quality can be lowered"],
    ]);
  });
});
