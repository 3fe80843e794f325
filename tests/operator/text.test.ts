import { expect, test } from "vitest";
import { countText, spanText, tableLines } from "../../operator/text.ts";

test("spans are told in their two largest units", () => {
  expect([0, 59.4, 60, 3_599, 3_600, 90_000].map(spanText)).toEqual([
    "0 s",
    "59 s",
    "1 min 0 s",
    "59 min 59 s",
    "1 h 0 min",
    "1 d 1 h",
  ]);
});

test("counts have their thousands apart", () => {
  expect(countText(1_234_567)).toBe("1,234,567");
});

test("columns are as wide as their widest cell, and no cell can break its line", () => {
  expect(
    tableLines([
      ["a", "bb", "c\nd"],
      ["aaa", "b", "\u{1B}[2J"],
    ]),
  ).toEqual(["a    bb  c\\u{a}d", "aaa  b   \\u{1b}[2J"]);
});
