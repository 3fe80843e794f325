import { expect, it } from "vitest";
import { median, quantile, quartiles, slope } from "./statistics.ts";

it("finds quantiles whatever the order, and between two values where none is in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), quantile([10, 20], 0.95), quantile([7], 0.5)]).toEqual([
    2, 2.5, 19.5, 7,
  ]);
  expect(quartiles([5, 4, 3, 2, 1])).toEqual([2, 4]);
});

it("finds how steeply points rise", () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
  ).toBe(2);
  expect(
    slope([
      [0, 1],
      [1, 4],
      [2, 1],
    ]),
  ).toBe(0);
  expect(slope([[3, 1]])).toBe(0);
});
