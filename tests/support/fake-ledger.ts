import {
  type DatedOutcome,
  entryAttributes,
  type LedgerEntry,
  outcomeOfEntry,
} from "../../handler/core/notice/digest-ledger.ts";
import type { Claimed, DigestClaim, DigestLedger } from "../../handler/ports/digest.ts";
import type { Ledger } from "../../handler/ports/notices.ts";

/** The ledger in memory, by the rules of the real one. */
export class FakeLedger implements Ledger, DigestLedger {
  readonly entries = new Map<unknown, DatedOutcome>();
  mailedUntil: Date | undefined;
  claimed: { readonly id: string; readonly until: Date } | undefined;

  async enter(entry: LedgerEntry, at: Date): Promise<void> {
    const attributes = entryAttributes(entry, at);
    if (!this.entries.has(attributes["Id"])) this.entries.set(attributes["Id"], outcomeOfEntry(attributes));
  }

  async claim(due: Date, { id, now, until }: DigestClaim): Promise<Claimed> {
    if (this.mailedUntil !== undefined && this.mailedUntil >= due) return { outcome: "mailed" };
    if (this.claimed !== undefined && this.claimed.until >= now) {
      return { outcome: "taken", until: this.claimed.until };
    }
    this.claimed = { id, until };
    return { outcome: "claimed", mailedUntil: this.mailedUntil };
  }

  async oldest(): Promise<Date | undefined> {
    const [first] = [...this.entries.values()].map(({ at }) => at).sort();
    return first === undefined ? undefined : new Date(first);
  }

  async read(from: Date, to: Date, take: (outcomes: readonly DatedOutcome[]) => void): Promise<void> {
    take([...this.entries.values()].filter(({ at }) => at >= from.toISOString() && at < to.toISOString()));
  }

  async markMailed(until: Date, claimId: string): Promise<void> {
    if (this.claimed?.id !== claimId) return;
    this.mailedUntil = until;
    this.claimed = undefined;
  }

  async giveUp(claimId: string): Promise<void> {
    if (this.claimed?.id === claimId) this.claimed = undefined;
  }
}
