import type { DatedOutcome } from "../core/notice/digest-ledger.ts";

/** A run that makes a digest has the work until it says otherwise, or its time is over. */
export type DigestClaim = { readonly id: string; readonly now: Date; readonly until: Date };

export type Claimed =
  | {
      readonly outcome: "claimed";
      /** End of the last digest's period; `undefined` when there was none. */
      readonly mailedUntil: Date | undefined;
    }
  /** A digest has told all until then. */
  | { readonly outcome: "mailed" }
  /** Another run has the work, until then at most. */
  | { readonly outcome: "taken"; readonly until: Date };

/** The ledger as digests are made of it. Every method fails with READ_FAILED or RECORD_FAILED (retryable). */
export type DigestLedger = {
  /** Takes the work on all that was not mailed until `due`, unless another run has it. */
  readonly claim: (due: Date, claim: DigestClaim) => Promise<Claimed>;
  /** When the oldest entry was entered. */
  readonly oldest: () => Promise<Date | undefined>;
  /**
   * Reads what was entered from a time on and before another, in no order.
   * @param take gets each page; what it throws ends the reading
   */
  readonly read: (from: Date, to: Date, take: (outcomes: readonly DatedOutcome[]) => void) => Promise<void>;
  /** Remembers how far digests have told, and ends the claim. */
  readonly markMailed: (until: Date, claimId: string) => Promise<void>;
  /** Ends the claim. */
  readonly giveUp: (claimId: string) => Promise<void>;
};
