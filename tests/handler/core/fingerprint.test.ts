import { expect, it } from "vitest";
import { fingerprint } from "../../../handler/core/fingerprint.ts";

// Test vectors of the algorithm's authors (http://www.isthe.com/chongo/src/fnv/test_fnv.c).
it.each([
  ["", "cbf29ce484222325"],
  ["a", "af63dc4c8601ec8c"],
  ["foobar", "85944171f73967e8"],
])("of %j is %s", (text, expected) => {
  expect(fingerprint(text)).toBe(expected);
});

it("is of the text's UTF-8", () => {
  expect(fingerprint("ü")).not.toBe(fingerprint("\u{FC}\u{0}"));
  expect(fingerprint("ü")).toHaveLength(16);
});
