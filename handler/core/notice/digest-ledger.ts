import * as z from "zod";
import { PERMANENT_CODES, type PermanentCode } from "../errors.ts";
import type { Removal } from "../events/s3-event.ts";
import type { Asset } from "../record/asset.ts";
import { partOf, partsOf } from "../record/index.ts";

/** What became of one upload, or that an original was deleted: a line of the ledger that digests are made of. */
export type LedgerEntry = {
  /** Key in the source bucket. */
  readonly key: string;
  /** With the key, tells one event from all others. */
  readonly sequencer: string;
} & LedgerOutcome;

type LedgerOutcome =
  | { readonly state: "PROCESSED"; readonly bytesIn: number; readonly bytesOut: number }
  | { readonly state: "FAILED"; readonly reasonCode: PermanentCode }
  | { readonly state: "DELETED" };

/** An entry as it is read back, with the time at which it was entered. */
export type DatedOutcome = { readonly key: string; readonly at: string } & LedgerOutcome;

/** The order in which the ledger is read; parts as in the indexes of the asset library. */
export const LEDGER_INDEX = {
  name: "ByTime",
  partition: "Part",
  sort: "At",
  sortType: "S",
  also: ["ImageKey", "State", "ReasonCode", "BytesIn", "BytesOut"],
} as const;

/** All parts of the ledger. */
export const LEDGER_PARTS: readonly string[] = partsOf("ledger");

/** How long an entry is kept, in days: a digest that was missed for so long is not caught up. */
const KEPT_DAYS = 35;

const SECONDS_A_DAY = 86_400;

export const entryOfAsset = (asset: Asset): LedgerEntry => {
  const { key, sequencer, sizeBytes } = asset.upload;
  if (asset.state === "FAILED") return { key, sequencer, state: "FAILED", reasonCode: asset.reason.code };
  const bytesOut = asset.renditions.reduce((sum, rendition) => sum + rendition.sizeBytes, 0);
  return { key, sequencer, state: "PROCESSED", bytesIn: sizeBytes, bytesOut };
};

export const entryOfRemoval = ({ key, sequencer }: Removal): LedgerEntry => ({
  key,
  sequencer,
  state: "DELETED",
});

/**
 * An entry's name, the same however often it is entered. An original that comes back when its delete marker goes is an
 * upload of that very event, and the event itself is none.
 */
const idOf = ({ key, sequencer, state }: LedgerEntry): string =>
  `${state === "DELETED" ? "removal" : "upload"}#${sequencer}#${key}`;

/** Attributes of an entry; `undefined` means that it has none of that name. */
export const entryAttributes = (entry: LedgerEntry, at: Date): Readonly<Record<string, unknown>> => ({
  Id: idOf(entry),
  Part: partOf("ledger", entry.key),
  At: at.toISOString(),
  ExpiresAt: Math.floor(at.getTime() / 1000) + KEPT_DAYS * SECONDS_A_DAY,
  ImageKey: entry.key,
  State: entry.state,
  ReasonCode: entry.state === "FAILED" ? entry.reasonCode : undefined,
  BytesIn: entry.state === "PROCESSED" ? entry.bytesIn : undefined,
  BytesOut: entry.state === "PROCESSED" ? entry.bytesOut : undefined,
});

const storedEntry = z.discriminatedUnion("State", [
  z.object({
    State: z.literal("PROCESSED"),
    ImageKey: z.string(),
    At: z.string(),
    BytesIn: z.number(),
    BytesOut: z.number(),
  }),
  z.object({
    State: z.literal("FAILED"),
    ImageKey: z.string(),
    At: z.string(),
    ReasonCode: z.enum(PERMANENT_CODES),
  }),
  z.object({ State: z.literal("DELETED"), ImageKey: z.string(), At: z.string() }),
]);

/** Reads an entry of the index back. @throws {z.ZodError} when it is none */
export const outcomeOfEntry = (attributes: unknown): DatedOutcome => {
  const stored = storedEntry.parse(attributes);
  const [key, at] = [stored.ImageKey, stored.At];
  switch (stored.State) {
    case "PROCESSED":
      return { key, at, state: stored.State, bytesIn: stored.BytesIn, bytesOut: stored.BytesOut };
    case "FAILED":
      return { key, at, state: stored.State, reasonCode: stored.ReasonCode };
    case "DELETED":
      return { key, at, state: stored.State };
    default:
      return stored satisfies never;
  }
};

/** Name of the one item of the ledger that is no entry. */
export const PROGRESS_ID = "progress";

/** How far digests have told, and until when at most a run has the work on the next one. */
export type DigestProgress = {
  readonly mailedUntil: Date | undefined;
  readonly claimedUntil: Date | undefined;
};

const storedProgress = z.object({
  MailedUntil: z.iso.datetime().optional(),
  ClaimedUntil: z.iso.datetime().optional(),
});

/** Reads the item `PROGRESS_ID`. @throws {z.ZodError} when it is none */
export const digestProgress = (attributes: unknown): DigestProgress => {
  const { MailedUntil, ClaimedUntil } = storedProgress.parse(attributes);
  const time = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  return { mailedUntil: time(MailedUntil), claimedUntil: time(ClaimedUntil) };
};
