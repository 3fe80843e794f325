import { describe, expect, it } from "vitest";
import { RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";
import { recordSizeProblem } from "../../../../handler/core/spec/record-size.ts";

/** Sixty sizes in all formats, five specs of twelve. */
const many = (prefixes: readonly (string | undefined)[]) =>
  prefixes.map((prefix, index) => ({
    name: `size-${index}`,
    widths: Array.from({ length: 12 }, (_, size) => 100 + size),
    formats: RENDITION_FORMATS,
    prefix,
  }));

describe("recordSizeProblem", () => {
  it("finds 360 files for every original too many", () => {
    expect(recordSizeProblem(many([undefined, undefined, undefined, undefined, undefined]))).toMatch(
      /^expected at most about 32\d files for one original, got 360: /,
    );
  });

  it("counts the specs that are for the same original alone", () => {
    expect(recordSizeProblem(many(["a/", "b/", "c/", "d/", "e/"]))).toBeUndefined();
    expect(recordSizeProblem(many([undefined, "a/", "a/b/", "a/b/c/", "a/b/c/d/"]))).toMatch(
      /, got 360 below "a\/b\/c\/d\/": /,
    );
    expect(recordSizeProblem(many([undefined, "a/", "a/b/", "a/b/c/", "a/x/"]))).toBeUndefined();
  });

  it("counts a format that is named twice once", () => {
    const twice = many([undefined]).map((spec) => ({ ...spec, formats: ["webp", "webp"] as const }));
    expect(recordSizeProblem(Array.from({ length: 20 }, () => twice[0] ?? []).flat())).toBeUndefined();
    const once = many([undefined]).map((spec) => ({ ...spec, formats: ["webp", "jpeg"] as const }));
    expect(recordSizeProblem(Array.from({ length: 20 }, () => once[0] ?? []).flat())).toMatch(/got 480:/);
  });

  it("takes the hash in a file's name into account", () => {
    const names = many([undefined, undefined, undefined, undefined]);
    expect(recordSizeProblem(names)).toBeUndefined();
    const bytesOf = (problem: string | undefined) => /have ([\d,]+) bytes/.exec(problem ?? "")?.[1];
    const plain = [...names, ...names];
    // The folder is shorter by what the hash takes: the whole key has 1,024 bytes in either case.
    expect(bytesOf(recordSizeProblem(plain.map((spec) => ({ ...spec, hashedKeys: true }))))).toBe(
      bytesOf(recordSizeProblem(plain)),
    );
  });
});
