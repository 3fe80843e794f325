import { PipelineError } from "../core/errors.ts";
import { type DigestPeriod, digestFor, dueTime } from "../core/notice/digest.ts";
import { type DigestTally, tallying } from "../core/notice/digest-tally.ts";
import type { DigestPlaces } from "../core/settings/notice-places.ts";
import type { DigestLedger } from "../ports/digest.ts";
import type { Notifier } from "../ports/notices.ts";
import type { Clock } from "../ports/pipeline.ts";
import type { Log } from "../ports/telemetry.ts";
import { type RemainingMs, type TimeLeft, timeLeft } from "./time-left.ts";

export type DigestPorts = {
  readonly ledger: DigestLedger;
  readonly notifier: Notifier;
  readonly log: Log;
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<void>;
};

/** One run of the function that sends digests. */
export type DigestRun = {
  readonly ports: DigestPorts;
  readonly places: DigestPlaces;
  /** Tells this run from every other. */
  readonly id: string;
  readonly remainingMs: RemainingMs;
};

/** What came of a run. */
export type DigestOutcome =
  | ({ readonly outcome: "mailed" } & Counts)
  | { readonly outcome: "nothing to tell" }
  | { readonly outcome: "mailed before" };

type Counts = Pick<DigestTally, "processed" | "failed" | "deleted"> & {
  readonly from: string;
  readonly to: string;
};

/**
 * Milliseconds after a period's end from which on nothing is entered into it: an entry carries the time at which its
 * write began, no try to write it begins more than 15 s later, and the index follows the table within a second. The rest
 * is for clocks that disagree.
 */
const SETTLED_MS = 20_000;

/** The ledger is read in steps of so many milliseconds, so that what was read in time can be told. */
const STEP_MS = 15 * 60_000;

/** Publishing takes three tries of 6 s at worst, and remembering it as much. */
const TELLING_MS = 40_000;

/** Between two looks at a period that another run has in work. */
const LOOK_AGAIN_MS = 2_000;

/** A clock of another machine may be ahead by as much. */
const MAX_AHEAD_MS = 60_000;

const pause = async ({ ports, remainingMs }: DigestRun, ms: number): Promise<void> => {
  if (ms > remainingMs() - TELLING_MS) {
    throw new PipelineError("OUT_OF_TIME", "The digest can't be made in the time that the function has.");
  }
  await ports.pause(ms);
};

/**
 * Takes the work on all that was not mailed until `due`. While another run has it, this one waits: the other may
 * crash, and AWS calls the function again for that other one's event at best after a minute.
 */
const claim = async (
  run: DigestRun,
  due: Date,
): Promise<{ readonly mailedUntil: Date | undefined } | undefined> => {
  const { ledger, clock, log } = run.ports;
  for (;;) {
    const now = clock.now();
    const until = new Date(now.getTime() + run.remainingMs());
    const claimed = await ledger.claim(due, { id: run.id, now, until });
    switch (claimed.outcome) {
      case "claimed":
        return claimed;
      case "mailed":
        return undefined;
      case "taken":
        log.info("Another run makes this digest", { until: claimed.until.toISOString() });
        await pause(run, LOOK_AGAIN_MS);
        break;
      default:
        return claimed satisfies never;
    }
  }
};

/** Reads the ledger step by step, as far as there is time; not to have read the first step is an error. */
const readLedger = async (
  { ports: { ledger, clock } }: DigestRun,
  time: TimeLeft,
  from: Date,
  due: Date,
): Promise<{ readonly tally: DigestTally; readonly to: Date }> => {
  const tally = tallying();
  let to = from;
  while (to < due && (to.getTime() === from.getTime() || time.isEnoughForAnother())) {
    const startedAt = clock.now();
    const end = new Date(Math.min(to.getTime() + STEP_MS, due.getTime()));
    await ledger.read(to, end, (outcomes) => {
      time.check();
      for (const outcome of outcomes) tally.add(outcome);
    });
    time.spent(clock.now().getTime() - startedAt.getTime());
    to = end;
  }
  return { tally: tally.total(), to };
};

const tell = async (
  { ports: { notifier, log }, places }: DigestRun,
  tally: DigestTally,
  period: DigestPeriod,
  due: Date,
): Promise<DigestOutcome> => {
  const { processed, failed, deleted } = tally;
  const counts = {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    processed,
    failed,
    deleted,
  };
  const digest = digestFor(tally, period, due, places);
  if (digest === undefined) {
    log.info("Nothing to tell", counts);
    return { outcome: "nothing to tell" };
  }
  await notifier.notify(digest);
  log.info("Digest sent", counts);
  return { outcome: "mailed", ...counts };
};

/**
 * Sends the digest that is due: claim, wait until all is entered, read, mail, remember. It begins where the last one
 * ended, so that nothing is left out when the schedule was late or did not fire, and nothing is told twice when it
 * fired twice. A crash between the mail and its mark sends it again.
 * @throws PipelineError that is retryable; Lambda calls the function twice more then, and then keeps the event
 */
export const sendDigest = async (run: DigestRun, event: unknown): Promise<DigestOutcome> => {
  const { ledger, clock, log } = run.ports;
  const due = dueTime(event);
  if (due.getTime() > clock.now().getTime() + MAX_AHEAD_MS) {
    throw new PipelineError(
      "MALFORMED_MESSAGE",
      `A digest can't be due in the future: ${due.toISOString()}.`,
    );
  }
  const claimed = await claim(run, due);
  if (claimed === undefined) {
    log.info("The digest was sent before", { to: due.toISOString() });
    return { outcome: "mailed before" };
  }
  try {
    await pause(run, Math.max(0, due.getTime() + SETTLED_MS - clock.now().getTime()));
    const from = claimed.mailedUntil ?? (await ledger.oldest()) ?? due;
    const time = timeLeft(() => run.remainingMs() - TELLING_MS);
    const { tally, to } = await readLedger(run, time, from < due ? from : due, due);
    const outcome = await tell(run, tally, { from, to }, due);
    await ledger.markMailed(to, run.id);
    return outcome;
  } catch (error) {
    // For the next try at once; where this fails too, the claim ends with the run.
    await ledger.giveUp(run.id).catch(() => {});
    throw error;
  }
};
