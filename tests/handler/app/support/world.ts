import type { Pipeline } from "../../../../handler/app/pipeline.ts";
import { processRemoval } from "../../../../handler/app/process-removal.ts";
import { processReset } from "../../../../handler/app/process-reset.ts";
import { processRestore } from "../../../../handler/app/process-restore.ts";
import { processUpload } from "../../../../handler/app/process-upload.ts";
import { PipelineError } from "../../../../handler/core/errors.ts";
import { reprocessSequencer } from "../../../../handler/core/events/sequencer.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import type { Ports } from "../../../../handler/ports/pipeline.ts";
import { FakePorts } from "../../../support/fakes.ts";
import { aPipeline } from "../../../support/pipeline.ts";
import { type Change, type Forgery, KEY, type Message, type Picture, SourceBucket } from "./source-bucket.ts";

export type Scenario = {
  readonly onDelete: "keep" | "remove";
  readonly changes: readonly Change[];
  /** What happens next, each time several things can; then whatever is under way comes to its end. */
  readonly choices: readonly number[];
  /** One in so many calls of a port crashes its run, before or after it took effect; 0 for none. */
  readonly crashEvery: number;
  /** S3 tells of everything twice. */
  readonly duplicates: boolean;
};

/** A run of the function over one message; a crashed one never goes on. */
type Run = { readonly message: Message; isCrashed: boolean };

/** A call of a port that waits for its turn. */
type Call = { readonly run: Run; readonly go: () => void; readonly crashAfter: () => void };

/** The last that a sequencer of S3's form can be. */
const BEYOND_ALL = "F".repeat(20);

const SPECS = renditionSpecs.parse([{ name: "card", width: 400, formats: ["webp", "auto"], manifest: true }]);
const MOST_TURNS = 5_000;
const MAX_RECEIVE_COUNT = 5;

const filesOf = (picture: Picture | undefined): readonly string[] => {
  if (picture === undefined || picture === "broken") return [];
  const auto = picture === "transparent" ? "card.png" : "card.jpg";
  return ["card.webp", auto, "manifest.json"].map((name) => `${KEY}/${name}`);
};

const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The source bucket, the queue, and runs of the real use cases over in-memory ports, one call after the other. */
export class World {
  readonly problems: string[] = [];
  readonly #scenario: Scenario;
  readonly #bucket = new SourceBucket();
  readonly #fakes = new FakePorts();
  readonly #queue: Message[] = [];
  readonly #calls: Call[] = [];
  readonly #working = new Set<Run>();
  readonly #failedTries = new Map<Message, number>();
  #changed = 0;
  #chosen = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Lets everything happen until nothing is left to do. */
  async run(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const actions = [
        ...this.#calls.map((call) => () => this.#proceed(call)),
        ...this.#queue.map((message) => () => this.#deliver(message)),
        ...(this.#mayChange() ? [() => this.#change()] : []),
      ];
      if (actions.length === 0) return;
      actions[this.#choose(actions.length)]?.();
      await drained();
    }
    this.problems.push(`Something is left to do after ${MOST_TURNS} turns.`);
  }

  /** What library and destination bucket have in the end; where everything is kept, of files only those expected. */
  ending(): unknown {
    const found = this.#fakes.records.get(KEY);
    // A record of what was forged alone says, once it is reset, no more than none does.
    const entry = found?.deletedAt !== undefined && !this.#bucket.hasTold ? undefined : found;
    const expected = new Set(filesOf(this.#bucket.readable?.picture));
    const files = [...this.#fakes.stored]
      .filter(([key]) => this.#scenario.onDelete === "remove" || expected.has(key))
      .map(([key, content]) => [
        key,
        / of original (v\d+)$|"versionId":"(v\d+)"/.exec(content)?.slice(1).join(""),
      ]);
    const state = entry?.deletedAt === undefined ? (entry?.asset?.state ?? "none") : "DELETED";
    return {
      state,
      version: state === "DELETED" ? undefined : entry?.upload.versionId,
      isNotified: state === "DELETED" ? undefined : entry?.notifiedAt !== undefined,
      files: files.sort(),
    };
  }

  /** The same as the newest version in the source bucket wants it. */
  expectedEnding(): unknown {
    const { current } = this.#bucket;
    if (current === undefined) {
      return this.#bucket.hasTold
        ? { state: "DELETED", version: undefined, isNotified: undefined, files: [] }
        : { state: "none", version: undefined, isNotified: false, files: [] };
    }
    const files = filesOf(this.#bucket.readable?.picture);
    return {
      state: files.length > 0 ? "PROCESSED" : "FAILED",
      version: current.versionId,
      isNotified: true,
      files: files.map((key) => [key, current.versionId]).sort(),
    };
  }

  /** Notices sent, all in all. */
  get notices(): number {
    return this.#fakes.notices.length;
  }

  #choose(count: number): number {
    const choice = this.#scenario.choices[this.#chosen];
    this.#chosen += 1;
    return choice === undefined ? 0 : choice % count;
  }

  #change(): void {
    const change = this.#scenario.changes[this.#changed];
    this.#changed += 1;
    if (change === undefined) return;
    const told = this.#told(change);
    for (const message of told) {
      this.#queue.push(message, ...(this.#scenario.duplicates ? [{ ...message }] : []));
    }
  }

  /** Whoever resets an order has ended the forgeries first: what comes of one later would begin all over again. */
  #mayChange(): boolean {
    const { changes } = this.#scenario;
    if (changes[this.#changed] !== "reset") return this.#changed < changes.length;
    const messages = [...this.#queue, ...[...this.#working].map(({ message }) => message)];
    return !messages.some(({ isForged }) => isForged);
  }

  #told(change: Change): readonly Message[] {
    switch (change) {
      case "reprocess":
        return this.#reprocess();
      case "reset":
        return this.#reset();
      case "forge an arrival":
      case "forge an arrival of nothing":
      case "forge a removal":
      case "forge a reprocess":
        return [{ isForged: true, ...this.#forged(change) }];
      default:
        return this.#bucket.change(change);
    }
  }

  #reset(): readonly Message[] {
    const resetAt = new Date(1e12 + this.#changed).toISOString();
    return [{ kind: "reset", reset: { bucket: "source-bucket", key: KEY, resetAt } }];
  }

  /** What somebody sends who may send to the queue; a forged reprocess also has the latest time. */
  #forged(forgery: Forgery): Message {
    const sequencer = BEYOND_ALL.padEnd(32, forgery === "forge a reprocess" ? "F" : "0");
    if (forgery === "forge a removal") {
      return {
        kind: "removal",
        removal: { bucket: "source-bucket", key: KEY, sequencer, removedAt: "2026-11-24T10:00:00.000Z" },
      };
    }
    const { currentUpload } = this.#bucket;
    const arrived = forgery === "forge an arrival of nothing" ? undefined : currentUpload;
    return {
      kind: forgery === "forge a reprocess" ? "reprocess" : "upload",
      upload: {
        bucket: "source-bucket",
        key: KEY,
        sizeBytes: 4_000,
        eTag: "etag of v0",
        versionId: "v0",
        uploadTime: "2026-11-23T10:00:00.000Z",
        ...arrived,
        sequencer,
      },
    };
  }

  /** As the operator's command does it: the current version, after what its record says. */
  #reprocess(): readonly Message[] {
    const { currentUpload } = this.#bucket;
    const recorded = this.#fakes.records.get(KEY)?.upload;
    if (currentUpload === undefined || recorded === undefined) return [];
    if (recorded.versionId !== currentUpload.versionId) return [];
    const sequencer = reprocessSequencer(recorded.sequencer, new Date(1e12 + this.#changed));
    return [{ kind: "reprocess", upload: { ...currentUpload, sequencer } }];
  }

  #deliver(message: Message): void {
    this.#queue.splice(this.#queue.indexOf(message), 1);
    const run: Run = { message, isCrashed: false };
    this.#working.add(run);
    void this.#work(run)
      .catch((error: unknown) => {
        if (!(error instanceof PipelineError && error.retryable)) this.problems.push(String(error));
        // What fails at every try becomes a dead letter: no event of S3's comes to end the wait of a forged one.
        const tries = (this.#failedTries.get(message) ?? 0) + 1;
        this.#failedTries.set(message, tries);
        if (!(message.isForged && tries === MAX_RECEIVE_COUNT)) this.#queue.push(message);
      })
      .finally(() => this.#working.delete(run));
  }

  async #work(run: Run): Promise<void> {
    const { message } = run;
    const pipeline = this.#pipelineOf(run);
    if (message.kind === "removal") return processRemoval(pipeline, message.removal);
    if (message.kind === "restore") return processRestore(pipeline, message.restore);
    if (message.kind === "reset") return processReset(pipeline, message.reset);
    return processUpload(pipeline, message.upload, message.kind === "reprocess");
  }

  #proceed(call: Call): void {
    this.#calls.splice(this.#calls.indexOf(call), 1);
    const { crashEvery, choices } = this.#scenario;
    const choice = choices[this.#chosen];
    const isCrash = crashEvery > 0 && choice !== undefined && choice % crashEvery === 0;
    if (!isCrash) {
      call.go();
      return;
    }
    call.run.isCrashed = true;
    this.#working.delete(call.run);
    if (choice % 2 === 0) call.crashAfter();
    for (const other of this.#calls.filter(({ run }) => run === call.run)) {
      this.#calls.splice(this.#calls.indexOf(other), 1);
    }
    this.#queue.push(call.run.message);
  }

  /** Waits for its turn, and for ever once its run has crashed. */
  #inTurn<Result>(run: Run, call: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (run.isCrashed) return;
      this.#calls.push({
        run,
        go: () => void call().then(resolve, reject),
        crashAfter: () => void call().catch(() => {}),
      });
    });
  }

  #pipelineOf(run: Run): Pipeline {
    const { ports } = this.#fakes;
    const step = <Result>(call: () => Promise<Result>) => this.#inTurn(run, call);
    const { library, renditions, notifier } = ports;
    const stepped: Ports = {
      ...ports,
      source: {
        read: (upload) => step(async () => this.#bucket.read(upload)),
        tags: ports.source.tags,
        current: () => step(async () => this.#bucket.currentUpload),
      },
      imaging: {
        ...ports.imaging,
        inspect: async (bytes) => {
          const text = new TextDecoder().decode(bytes);
          if (text.startsWith("broken")) throw new PipelineError("CORRUPT_IMAGE", "It is broken.");
          const hasAlpha = text.startsWith("transparent");
          return { format: "png", width: 800, height: 600, pages: 1, hasAlpha };
        },
        transform: (bytes, ...rest) =>
          ports.imaging.transform(bytes.subarray(bytes.indexOf(" ".charCodeAt(0)) + 1), ...rest),
      },
      library: {
        receive: (...args) => step(() => library.receive(...args)),
        record: (...args) => step(() => library.record(...args)),
        noteFailedTry: (...args) => step(() => library.noteFailedTry(...args)),
        markGivenUp: (...args) => step(() => library.markGivenUp(...args)),
        markNotified: (...args) => step(() => library.markNotified(...args)),
        confirm: (...args) => step(() => library.confirm(...args)),
        waitingFor: (...args) => step(() => library.waitingFor(...args)),
        reset: (...args) => step(() => library.reset(...args)),
        remove: (...args) => step(() => library.remove(...args)),
      },
      renditions: {
        write: (...args) => step(() => renditions.write(...args)),
        writeManifest: (...args) => step(() => renditions.writeManifest(...args)),
        remove: async (originalKey, isLeftOver) => {
          const listed = await step(async () => [...this.#fakes.stored.keys()]);
          const removed: string[] = [];
          for (const listedKey of listed) {
            const gone = await step(() =>
              renditions.remove(originalKey, (file) => file.key === listedKey && isLeftOver(file)),
            );
            removed.push(...gone);
          }
          return removed;
        },
      },
      notifier: { notify: (...args) => step(() => notifier.notify(...args)) },
    };
    return aPipeline(stepped, { renditions: SPECS, onDelete: this.#scenario.onDelete });
  }
}
