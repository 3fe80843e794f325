import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globCovers, globMatches, globsOverlap, isEffectivelyStar } from "../../../policy/engine/wildcard.ts";

// Few letters, so patterns and texts match often.
const text = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 7 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 6 });
const asRegExp = (glob: string) => new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);

describe("globMatches", () => {
  it("matches any characters with `*` and one character with `?`", () => {
    fc.assert(
      fc.property(pattern, text, (glob, subject) => {
        expect(globMatches(glob, subject)).toBe(asRegExp(glob).test(subject));
      }),
      { numRuns: 2000 },
    );
  });

  it("is case-sensitive by default", () => {
    expect(globMatches("s3:get*", "s3:GetObject")).toBe(false);
    expect(globMatches("s3:get*", "s3:GetObject", { ignoreCase: true })).toBe(true);
  });

  it("treats special characters of regular expressions literally", () => {
    expect(globMatches("a.b(c", "a.b(c")).toBe(true);
    expect(globMatches("a.b", "axb")).toBe(false);
  });

  it("matches a pathological pattern quickly", () => {
    expect(globMatches(`${"a*".repeat(40)}b`, "a".repeat(2000))).toBe(false);
  });
});

describe("globCovers", () => {
  it("is never true when the narrower pattern matches a text that the wider pattern does not", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (wider, narrower, subject) => {
        fc.pre(globMatches(narrower, subject) && !globMatches(wider, subject));
        expect(globCovers(wider, narrower)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["*", "a*", true],
    ["a*", "a*", true],
    ["a*", "*", false],
    ["?", "*", false],
    ["*", "?", true],
    ["?", "?", true],
    ["a", "?", false],
  ])("%s covers %s: %s", (wider, narrower, expected) => {
    expect(globCovers(wider, narrower)).toBe(expected);
  });
});

describe("globsOverlap", () => {
  it("is true whenever both patterns match one text", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (a, b, subject) => {
        fc.pre(globMatches(a, subject) && globMatches(b, subject));
        expect(globsOverlap(a, b)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is symmetric", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        expect(globsOverlap(a, b)).toBe(globsOverlap(b, a));
      }),
    );
  });

  it.each([
    ["a*c", "*bc", true],
    ["a?", "ab", true],
    ["abc", "ab", false],
    ["ab", "?", false],
    ["a*", "b*", false],
    ["arn:*:s3:::*/*", "arn:aws:s3:::images", false],
    ["arn:*:s3:::*/*", "arn:aws:s3:::images*", true],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(globsOverlap(a, b)).toBe(expected);
  });
});

describe("isEffectivelyStar", () => {
  it.each([
    ["*", true],
    ["**", true],
    ["arn:*", true],
    ["arn:aws:*", true],
    ["arn:*:*:*:*:*", true],
    ["arn:aws:s3:::*", false],
    ["arn:aws:*:eu-west-1:*:*", false],
  ])("%s: %s", (arn, expected) => {
    expect(isEffectivelyStar(arn)).toBe(expected);
  });
});
