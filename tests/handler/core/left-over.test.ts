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

it("what an event made is left over when the record is another's, but for what that lists, and nothing else", () => {
  const isLeftOver = madeBy("B", ["a.jpg/listed.webp"]);
  expect(["", "A", "B", "C"].map((sequencer) => isLeftOver(file(sequencer)))).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(isLeftOver(file("B", "a.jpg/listed.webp"))).toBe(false);
});

it("what was made before an original was removed is left over", () => {
  expect(["", "A", "B", "C"].map((sequencer) => madeBefore("B")(file(sequencer)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
