import { describe, expect, it } from "vitest";
import { type DigestRun, sendDigest } from "../../../handler/app/send-digest.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import type { LedgerEntry } from "../../../handler/core/notice/digest-ledger.ts";
import type { Notice } from "../../../handler/core/notice/text.ts";
import { FakeLedger } from "../../support/fake-ledger.ts";
import { FakePorts } from "../../support/fakes.ts";

const DUE = "2026-11-25T08:00:00.000Z";
const DAY_BEFORE = "2026-11-24T08:00:00.000Z";

const processed = (key: string): LedgerEntry => ({
  key,
  sequencer: "A1",
  state: "PROCESSED",
  bytesIn: 1000,
  bytesOut: 100,
});

/** A clock that only pauses and readings move, and runs of the function beside each other. */
class Digests {
  readonly ledger = new FakeLedger();
  readonly fakes = new FakePorts();
  readonly mails: Notice[] = [];
  now = Date.parse(DUE) + 3_000;
  /** Milliseconds that one reading of the ledger takes. */
  readingMs = 0;
  failure: PipelineError | undefined;
  /** Done before a mail goes out. */
  beforeMail: () => void = () => {};
  #runs = 0;

  enterAt(at: string, entry: LedgerEntry): Promise<void> {
    return this.ledger.enter(entry, new Date(at));
  }

  run(scheduledTime = DUE, timeoutMs = 300_000) {
    this.#runs += 1;
    const startedAt = this.now;
    const run: DigestRun = {
      id: `run ${this.#runs}`,
      places: {
        region: "eu-central-1",
        sourceBucket: "originals",
        destinationBucket: "renditions",
        links: { kind: "none" },
        timeZone: "UTC",
      },
      remainingMs: () => startedAt + timeoutMs - this.now,
      ports: {
        ledger: {
          claim: (...args) => this.ledger.claim(...args),
          oldest: () => this.ledger.oldest(),
          markMailed: (...args) => this.ledger.markMailed(...args),
          giveUp: (...args) => this.ledger.giveUp(...args),
          read: async (...args) => {
            this.now += this.readingMs;
            await this.ledger.read(...args);
          },
        },
        notifier: {
          notify: async (notice) => {
            if (this.failure !== undefined) throw this.failure;
            this.beforeMail();
            this.mails.push(notice);
          },
        },
        log: this.fakes.ports.log,
        clock: { now: () => new Date(this.now) },
        pause: async (ms) => {
          this.now += ms;
          // Other runs get their turn.
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    };
    return sendDigest(run, { scheduledTime });
  }

  get subjects(): readonly string[] {
    return this.mails.map(({ subject }) => subject);
  }
}

describe("a digest that is due", () => {
  it("tells what came since the last one, and is remembered", async () => {
    const digests = new Digests();
    digests.ledger.mailedUntil = new Date(DAY_BEFORE);
    await digests.enterAt("2026-11-24T07:59:59.999Z", processed("told.jpg"));
    await digests.enterAt(DAY_BEFORE, processed("first.jpg"));
    await digests.enterAt("2026-11-25T07:59:59.999Z", processed("last.jpg"));
    await digests.enterAt(DUE, processed("next.jpg"));
    expect(await digests.run()).toEqual({
      outcome: "mailed",
      from: DAY_BEFORE,
      to: DUE,
      processed: 2,
      failed: 0,
      deleted: 0,
    });
    expect(digests.mails.map(({ body }) => body)).toEqual([
      [
        "From 2026-11-24 08:00 UTC to 2026-11-25 08:00 UTC",
        "",
        "Processed: 2",
        "2.0 KiB of originals, 200 bytes of renditions, 90.0 % smaller",
        "s3://renditions/",
        "",
        "Not processed: 0",
        "",
        "Deleted: 0",
        "",
      ].join("\n"),
    ]);
    expect(digests.ledger.mailedUntil).toEqual(new Date(DUE));
    expect(digests.ledger.claimed).toBeUndefined();
  });

  it("waits until all that belongs to it is entered", async () => {
    const digests = new Digests();
    digests.ledger.mailedUntil = new Date(DAY_BEFORE);
    await digests.run();
    expect(digests.now).toBe(Date.parse(DUE) + 20_000);
  });

  it("begins with the oldest entry when it is the first", async () => {
    const digests = new Digests();
    await digests.enterAt("2026-11-23T12:30:00.000Z", processed("first.jpg"));
    expect(await digests.run()).toMatchObject({
      outcome: "mailed",
      from: "2026-11-23T12:30:00.000Z",
      processed: 1,
    });
  });

  it("is no mail when nothing came, and the next one begins after it all the same", async () => {
    const digests = new Digests();
    expect(await digests.run()).toEqual({ outcome: "nothing to tell" });
    expect(digests.mails).toEqual([]);
    expect(digests.ledger.mailedUntil).toEqual(new Date(DUE));
  });

  it("leaves what came later to the next one, when it is the first and late", async () => {
    const digests = new Digests();
    digests.now = Date.parse(DUE) + 3_600_000;
    await digests.enterAt("2026-11-25T08:30:00.000Z", processed("later.jpg"));
    expect(await digests.run()).toEqual({ outcome: "nothing to tell" });
    digests.now = Date.parse("2026-11-26T08:00:00.000Z");
    expect(await digests.run("2026-11-26T08:00:00.000Z")).toMatchObject({ from: DUE, processed: 1 });
  });
});

describe("a schedule that fires as it likes", () => {
  const withOne = async (): Promise<Digests> => {
    const digests = new Digests();
    digests.ledger.mailedUntil = new Date(DAY_BEFORE);
    await digests.enterAt("2026-11-25T07:00:00.000Z", processed("a.jpg"));
    return digests;
  };

  it("sends one mail when it fires twice, one after the other", async () => {
    const digests = await withOne();
    await digests.run();
    expect(await digests.run()).toEqual({ outcome: "mailed before" });
    expect(digests.subjects).toEqual(["Image Digest: 1 processed, 0 not"]);
  });

  it("sends one mail when it fires twice at once: the other run waits and finds it sent", async () => {
    const digests = await withOne();
    const outcomes = await Promise.all([digests.run(), digests.run()]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["mailed", "mailed before"]);
    expect(digests.mails).toHaveLength(1);
  });

  it("catches up in one mail when it did not fire for days", async () => {
    const digests = await withOne();
    digests.now = Date.parse("2026-11-28T08:00:01.000Z");
    await digests.enterAt("2026-11-27T23:00:00.000Z", processed("b.jpg"));
    expect(await digests.run("2026-11-28T08:00:00.000Z")).toMatchObject({
      from: DAY_BEFORE,
      to: "2026-11-28T08:00:00.000Z",
      processed: 2,
    });
    expect(digests.mails).toHaveLength(1);
  });

  it("sends nothing when an older time comes after a newer one", async () => {
    const digests = await withOne();
    await digests.run();
    expect(await digests.run("2026-11-25T07:00:00.000Z")).toEqual({ outcome: "mailed before" });
  });

  it("takes over from a run that died, once its time is over", async () => {
    const digests = await withOne();
    digests.ledger.claimed = { id: "dead", until: new Date(digests.now + 10_000) };
    expect(await digests.run()).toMatchObject({ outcome: "mailed", processed: 1 });
    expect(digests.mails).toHaveLength(1);
  });

  it("does not wait beyond its own time for another run", async () => {
    const digests = await withOne();
    digests.ledger.claimed = { id: "other", until: new Date(digests.now + 3_600_000) };
    await expect(digests.run()).rejects.toMatchObject({ code: "OUT_OF_TIME", retryable: true });
    expect(digests.ledger.claimed.id).toBe("other");
    expect(digests.mails).toEqual([]);
  });

  it("is told that a digest of the future is none", async () => {
    const digests = await withOne();
    await expect(digests.run("2026-11-26T08:00:00.000Z")).rejects.toMatchObject({
      code: "MALFORMED_MESSAGE",
    });
  });
});

describe("a digest that can't be sent", () => {
  it("is left to the next try, which may begin at once", async () => {
    const digests = new Digests();
    await digests.enterAt("2026-11-25T07:00:00.000Z", processed("a.jpg"));
    digests.failure = new PipelineError("NOTIFY_FAILED", "SNS is down.");
    await expect(digests.run()).rejects.toBe(digests.failure);
    expect(digests.ledger).toMatchObject({ claimed: undefined, mailedUntil: undefined });
    digests.failure = undefined;
    expect(await digests.run()).toMatchObject({ outcome: "mailed", processed: 1 });
  });

  it("tells what it read in time, and the next one the rest", async () => {
    const digests = new Digests();
    digests.ledger.mailedUntil = new Date("2026-11-25T06:00:00.000Z");
    await digests.enterAt("2026-11-25T06:20:00.000Z", processed("early.jpg"));
    await digests.enterAt("2026-11-25T07:50:00.000Z", processed("late.jpg"));
    digests.readingMs = 100_000;
    expect(await digests.run()).toMatchObject({ to: "2026-11-25T06:30:00.000Z", processed: 1 });
    expect(digests.mails[0]?.body).toContain(
      "There was no time to read what came until 2026-11-25 08:00 UTC",
    );
    expect(digests.ledger.mailedUntil).toEqual(new Date("2026-11-25T06:30:00.000Z"));
    digests.readingMs = 0;
    digests.now = Date.parse("2026-11-26T08:00:00.000Z");
    expect(await digests.run("2026-11-26T08:00:00.000Z")).toMatchObject({
      from: "2026-11-25T06:30:00.000Z",
      processed: 1,
    });
  });

  it("fails visibly when not even its first quarter of an hour can be read in time", async () => {
    const digests = new Digests();
    await digests.enterAt("2026-11-25T07:50:00.000Z", processed("a.jpg"));
    digests.readingMs = 290_000;
    await expect(digests.run()).rejects.toMatchObject({ code: "OUT_OF_TIME" });
    expect(digests.ledger).toMatchObject({ claimed: undefined, mailedUntil: undefined });
  });
});
