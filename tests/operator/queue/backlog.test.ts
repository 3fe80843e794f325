import { expect, test } from "vitest";
import { refuseLoss } from "../../../operator/queue/backlog.ts";

const DAY = 86_400;

test("what the queue would throw away before it is worked on is refused, with what to do", () => {
  const backlog = { concurrency: 10, seconds: 5 * DAY, retentionSeconds: 4 * DAY };
  expect(() => refuseLoss(backlog, { originals: 6_000_000 })).toThrow(
    "6,000,000 originals take 5 d 0 h at 10 concurrent runs, but the ingest queue keeps a message for 4 d 0 h only: " +
      "raise maximumConcurrency or messageRetentionDays, or take one --prefix after the other.",
  );
  expect(() => refuseLoss({ ...backlog, seconds: 4 * DAY }, { originals: 1 })).not.toThrow();
});
