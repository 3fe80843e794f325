import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { holdsUnknown, UNKNOWN_SENTINELS } from "../../../policy/engine/unknown.ts";

describe("the sentinels of unknown values", () => {
  it("equal those of the SDK", () => {
    // The SDK declares no types for these, and exports them only from this module.
    const sdk = createRequire(import.meta.url)("@pulumi/policy/proxy");
    const theirs = Object.keys(sdk).filter((name) => /^unknown.*Value$/.test(name));
    expect(Object.values(UNKNOWN_SENTINELS).sort()).toEqual(theirs.map((name) => sdk[name]).sort());
  });
});

describe("holdsUnknown", () => {
  it("finds unknown values inside lists and objects", () => {
    expect(holdsUnknown({ a: [{ b: UNKNOWN_SENTINELS.number }] })).toBe(true);
    expect(holdsUnknown({ a: [{ b: 1, c: null, d: "text" }] })).toBe(false);
  });
});
