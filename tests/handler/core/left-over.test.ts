import { expect, it } from "vitest";
import { madeBefore, madeBy, madeUntil } from "../../../handler/core/left-over.ts";

const file = (sequencer: string, key = "a.jpg/card.webp") => ({ key, sequencer });

it("what was made until an event is left over, unless it is kept", () => {
  const isLeftOver = madeUntil("B", ["a.jpg/kept.webp"]);
  expect(["", "A", "B", "C"].map((sequencer) => isLeftOver(file(sequencer)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isLeftOver(file("A", "a.jpg/kept.webp"))).toBe(false);
});

it("what a superseded upload made is left over, and nothing else", () => {
  expect(["", "A", "B", "C"].map((sequencer) => madeBy("B")(file(sequencer)))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

it("what was made before an original was removed is left over, and nothing that was made on account of the removal", () => {
  expect(["", "A", "B", "C"].map((sequencer) => madeBefore("B")(file(sequencer)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
