import type { PermanentCode } from "../errors.ts";
import type { DatedOutcome } from "./digest-ledger.ts";

/** Keys that a digest names of one reason at most. */
export const LISTED_KEYS = 20;

/** Failures of one reason. */
export type FailureTally = {
  readonly code: PermanentCode;
  readonly count: number;
  /** Of the first that failed, in the order of time. */
  readonly keys: readonly string[];
};

/** What a digest tells of its period. */
export type DigestTally = {
  readonly processed: number;
  readonly failed: number;
  readonly deleted: number;
  /** Of originals that were processed. */
  readonly bytesIn: number;
  /** Of their renditions. */
  readonly bytesOut: number;
  /** The most frequent first. */
  readonly failures: readonly FailureTally[];
};

type Failures = { count: number; first: readonly { readonly key: string; readonly at: string }[] };

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** Adds up outcomes, in whatever order they come; of keys it holds no more than are listed. */
export const tallying = () => {
  const failures = new Map<PermanentCode, Failures>();
  let [processed, deleted, bytesIn, bytesOut] = [0, 0, 0, 0];

  const fail = (code: PermanentCode, key: string, at: string): void => {
    const { count, first } = failures.get(code) ?? { count: 0, first: [] };
    const isFirst = first.length < LISTED_KEYS || at < (first.at(-1)?.at ?? "");
    const ordered = isFirst
      ? [...first, { key, at }].sort((a, b) => compare(a.at, b.at) || compare(a.key, b.key))
      : first;
    failures.set(code, { count: count + 1, first: ordered.slice(0, LISTED_KEYS) });
  };

  return {
    add: (outcome: DatedOutcome): void => {
      switch (outcome.state) {
        case "PROCESSED":
          processed += 1;
          bytesIn += outcome.bytesIn;
          bytesOut += outcome.bytesOut;
          return;
        case "FAILED":
          fail(outcome.reasonCode, outcome.key, outcome.at);
          return;
        case "DELETED":
          deleted += 1;
          return;
        default:
          outcome satisfies never;
      }
    },

    total: (): DigestTally => ({
      processed,
      failed: [...failures.values()].reduce((sum, { count }) => sum + count, 0),
      deleted,
      bytesIn,
      bytesOut,
      failures: [...failures]
        .map(([code, { count, first }]) => ({ code, count, keys: first.map(({ key }) => key) }))
        .sort((a, b) => b.count - a.count || compare(a.code, b.code)),
    }),
  };
};
