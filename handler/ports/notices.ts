import type { LedgerEntry } from "../core/notice/digest-ledger.ts";
import type { Notice } from "../core/notice/text.ts";

export type Notifier = {
  /** @throws NOTIFY_FAILED (retryable) */
  readonly notify: (notice: Notice) => Promise<void>;
};

/** What became of uploads, for digests. */
export type Ledger = {
  /**
   * Enters what became of an upload; what was entered of it before stands.
   * @throws RECORD_FAILED (retryable)
   */
  readonly enter: (entry: LedgerEntry, at: Date) => Promise<void>;
};
