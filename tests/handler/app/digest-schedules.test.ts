import fc from "fast-check";
import { expect, it } from "vitest";
import { type DigestRun, sendDigest } from "../../../handler/app/send-digest.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import type { LedgerEntry } from "../../../handler/core/notice/digest-ledger.ts";
import { FakeLedger } from "../../support/fake-ledger.ts";
import { FakePorts } from "../../support/fakes.ts";

const START = Date.parse("2026-11-25T00:00:00.000Z");
const MINUTE = 60_000;
const DAY_MINUTES = 1_440;
/** Lambda calls a function that failed twice more. */
const TRIES = 3;

/** A step that a run dies at, before it has any effect. */
type Step = "claim" | "oldest" | "pause" | "read" | "notify" | "give up";

type Firing = {
  /** Hours after the start. */
  readonly due: number;
  /** Minutes after it was due. */
  readonly late: number;
  /** AWS calls the function twice at once. */
  readonly isTwice: boolean;
  /** Where each of the first runs dies; what comes after them lives. */
  readonly dies: readonly (Step | undefined)[];
};

const entryOf = (index: number): LedgerEntry => ({
  key: `${index}.jpg`,
  sequencer: "A1",
  state: "FAILED",
  reasonCode: "EMPTY_OBJECT",
});

/** A day: uploads end when they do, a schedule fires as it likes, runs die. */
class Day {
  readonly #ledger = new FakeLedger();
  readonly #uploads: readonly number[];
  readonly #told: string[] = [];
  #now = START;
  #runs = 0;

  constructor(uploads: readonly number[]) {
    this.#uploads = uploads;
  }

  /** Lets time pass; what ends until then is entered at its time. */
  async #advance(to: number): Promise<void> {
    for (const [index, minutes] of this.#uploads.entries()) {
      const at = START + minutes * MINUTE;
      if (at > this.#now && at <= to) await this.#ledger.enter(entryOf(index), new Date(at));
    }
    this.#now = Math.max(this.#now, to);
  }

  /** One run; `false` when it died or failed. */
  async #run(due: Date, dies: Step | undefined): Promise<boolean> {
    this.#runs += 1;
    const startedAt = this.#now;
    let isDead = false;
    const alive = async <Result>(step: Step, call: () => Promise<Result>): Promise<Result> => {
      // Runs that are under way at once get their turns.
      await new Promise((resolve) => setImmediate(resolve));
      isDead ||= step === dies;
      if (isDead) throw new PipelineError("READ_FAILED", "The run has died.");
      return call();
    };
    const ledger = this.#ledger;
    const run: DigestRun = {
      id: `run ${this.#runs}`,
      remainingMs: () => startedAt + 5 * MINUTE - this.#now,
      places: {
        region: "eu-central-1",
        sourceBucket: "originals",
        destinationBucket: "renditions",
        links: { kind: "none" },
        timeZone: "UTC",
      },
      ports: {
        log: new FakePorts().ports.log,
        clock: { now: () => new Date(this.#now) },
        pause: (ms) => alive("pause", () => this.#advance(this.#now + ms)),
        notifier: {
          notify: ({ body }) =>
            alive("notify", async () => {
              this.#told.push(...[...body.matchAll(/^"(\d+\.jpg)"$/gm)].map(([, key = ""]) => key));
            }),
        },
        ledger: {
          claim: (...args) => alive("claim", () => ledger.claim(...args)),
          oldest: () => alive("oldest", () => ledger.oldest()),
          read: (...args) => alive("read", () => ledger.read(...args)),
          // A crash between the mail and this is the one that repeats a mail.
          markMailed: (...args) => ledger.markMailed(...args),
          giveUp: (...args) => alive("give up", () => ledger.giveUp(...args)),
        },
      },
    };
    try {
      await sendDigest(run, { scheduledTime: due.toISOString() });
      return true;
    } catch (error) {
      if (!(error instanceof PipelineError && error.retryable)) throw error;
      return false;
    }
  }

  async fire({ due, late, isTwice, dies }: Firing): Promise<void> {
    const time = new Date(START + due * 60 * MINUTE);
    await this.#advance(time.getTime() + late * MINUTE);
    const deaths = [...dies];
    const call = async (): Promise<void> => {
      for (let tried = 0; tried < TRIES; tried += 1) {
        if (await this.#run(time, deaths.shift())) return;
        await this.#advance(this.#now + MINUTE);
      }
    };
    await Promise.all(isTwice ? [call(), call()] : [call()]);
  }

  /** Keys in mails, in no order. */
  get told(): readonly string[] {
    return this.#told.toSorted();
  }
}

const step = fc.constantFrom<Step | undefined>(
  "claim",
  "oldest",
  "pause",
  "read",
  "notify",
  "give up",
  undefined,
);

const firing: fc.Arbitrary<Firing> = fc.record({
  due: fc.integer({ min: 0, max: 24 }),
  late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 180 })),
  isTwice: fc.boolean(),
  dies: fc.array(step, { maxLength: 4 }),
});

it("tells of each upload in exactly one digest, however the schedule fires and wherever runs die", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: DAY_MINUTES }), { minLength: 1, maxLength: 15 }),
      fc.array(firing, { maxLength: 8 }),
      async (uploads, firings) => {
        const day = new Day(uploads);
        for (const each of firings.toSorted((a, b) => a.due * 60 + a.late - b.due * 60 - b.late)) {
          await day.fire(each);
        }
        // The next day's comes in any case.
        await day.fire({ due: 48, late: 0, isTwice: false, dies: [] });
        expect(day.told).toEqual(uploads.map((_, index) => `${index}.jpg`).toSorted());
      },
    ),
    { numRuns: 300 },
  );
});
