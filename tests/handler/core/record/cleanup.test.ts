import { expect, it } from "vitest";
import { reprocessSequencer } from "../../../../handler/core/events/sequencer.ts";
import { madeBefore, madeBy, madeByRestore, madeUntil } from "../../../../handler/core/record/cleanup.ts";

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

it("what a restore made before the record is left over when nothing waits for it, but for what the record lists", () => {
  const [restored, other] = ["2026-11-24T10:00:00.000Z", "2026-11-24T10:00:00.001Z"];
  const isLeftOver = madeByRestore(restored, "B".padEnd(32, "0"), ["a.jpg/listed.webp"]);
  const sequencer = reprocessSequencer("A".padEnd(32, "0"), new Date(restored));
  expect(isLeftOver(file(sequencer))).toBe(true);
  expect(isLeftOver(file(reprocessSequencer("B".padEnd(32, "0"), new Date(restored))))).toBe(false);
  expect(isLeftOver(file(sequencer, "a.jpg/listed.webp"))).toBe(false);
  expect(isLeftOver(file(reprocessSequencer(sequencer, new Date(other))))).toBe(false);
  expect(isLeftOver(file("A".padEnd(32, "0")))).toBe(false);
  expect(isLeftOver(file(""))).toBe(false);
});
