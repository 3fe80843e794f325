import fc from "fast-check";
import { expect, it } from "vitest";
import type { DatedOutcome } from "../../../../handler/core/notice/digest-ledger.ts";
import { LISTED_KEYS, tallying } from "../../../../handler/core/notice/digest-tally.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 10, 25) + second * 1000).toISOString();

const failedAt = (
  second: number,
  reasonCode: "EMPTY_OBJECT" | "CORRUPT_IMAGE" = "EMPTY_OBJECT",
): DatedOutcome => ({
  key: `${second}.jpg`,
  at: at(second),
  state: "FAILED",
  reasonCode,
});

const tallyOf = (outcomes: readonly DatedOutcome[]) => {
  const tally = tallying();
  for (const outcome of outcomes) tally.add(outcome);
  return tally.total();
};

it("adds up nothing to nothing", () => {
  expect(tallyOf([])).toEqual({ processed: 0, failed: 0, deleted: 0, bytesIn: 0, bytesOut: 0, failures: [] });
});

it("counts outcomes and the bytes of what was processed, and failures by reason, the most frequent first", () => {
  expect(
    tallyOf([
      { key: "a.jpg", at: at(1), state: "PROCESSED", bytesIn: 1000, bytesOut: 100 },
      failedAt(2, "CORRUPT_IMAGE"),
      { key: "a.jpg", at: at(3), state: "DELETED" },
      failedAt(4),
      { key: "b.jpg", at: at(5), state: "PROCESSED", bytesIn: 500, bytesOut: 40 },
      failedAt(6),
    ]),
  ).toEqual({
    processed: 2,
    failed: 3,
    deleted: 1,
    bytesIn: 1500,
    bytesOut: 140,
    failures: [
      { code: "EMPTY_OBJECT", count: 2, keys: ["4.jpg", "6.jpg"] },
      { code: "CORRUPT_IMAGE", count: 1, keys: ["2.jpg"] },
    ],
  });
});

it("names those that failed first, in whatever order they come", () => {
  const seconds = Array.from({ length: 60 }, (_, second) => second);
  fc.assert(
    fc.property(fc.shuffledSubarray(seconds, { minLength: 1 }), (shuffled) => {
      const [failures] = tallyOf(shuffled.map((second) => failedAt(second))).failures;
      expect(failures).toEqual({
        code: "EMPTY_OBJECT",
        count: shuffled.length,
        keys: shuffled
          .toSorted((a, b) => a - b)
          .slice(0, LISTED_KEYS)
          .map((second) => `${second}.jpg`),
      });
    }),
  );
});
