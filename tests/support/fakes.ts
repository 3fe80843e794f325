import { type ErrorCode, PipelineError } from "../../handler/core/errors.ts";
import type { Upload } from "../../handler/core/events/s3-event.ts";
import { mayComeAgain, resetOf } from "../../handler/core/events/sequencer.ts";
import type { Notice } from "../../handler/core/notice/text.ts";
import type { Asset } from "../../handler/core/record/asset.ts";
import type { FailedTry } from "../../handler/core/record/failed-try.ts";
import {
  isSameOriginal,
  isStale,
  type RecordHolder,
  restoredUpload,
} from "../../handler/core/record/record-owner.ts";
import type { ImageInfo } from "../../handler/core/source/image-info.ts";
import type { AssetLibrary } from "../../handler/ports/library.ts";
import type { Ports } from "../../handler/ports/pipeline.ts";
import type { CurrentOriginal } from "../../handler/ports/source.ts";
import type { Log, LogFields, ProcessedMeasures } from "../../handler/ports/telemetry.ts";

type LogLine = {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
};

/** A record, as far as the handler ever looks at one. */
type Entry = {
  readonly upload: Pick<Upload, "sequencer" | "versionId" | "eTag">;
  asset?: Asset;
  notifiedAt?: Date;
  failedTry?: FailedTry;
  givenUpAt?: Date;
  readonly deletedAt?: string;
  attempts: number;
};

const holderOf = ({ upload, asset, notifiedAt, givenUpAt, deletedAt }: Entry): RecordHolder => ({
  state: deletedAt === undefined ? (asset?.state ?? "RECEIVED") : "DELETED",
  sequencer: upload.sequencer,
  versionId: upload.versionId,
  eTag: upload.eTag,
  isNotified: notifiedAt !== undefined,
  isGivenUp: givenUpAt !== undefined,
  renditionKeys:
    deletedAt === undefined && asset?.state === "PROCESSED" ? asset.renditions.map(({ key }) => key) : [],
});

const currentRecord = <Outcome extends string>(
  outcome: Outcome,
  { sequencer, renditionKeys }: RecordHolder,
) => ({
  outcome,
  bySequencer: sequencer,
  listedKeys: renditionKeys,
});

/**
 * All ports in memory, with what they were asked to do. Images are not looked at: every one is `image`, and a
 * rendition's bytes are a text that names it and the version of its original.
 */
export class FakePorts {
  /** Steps in the order in which they ended, such as `store beach.jpg/thumbnail.webp`. */
  readonly steps: string[] = [];
  readonly stages: string[] = [];
  readonly stored = new Map<string, string>();
  /** Of the uploads that `stored` is made of, by key. */
  readonly storedBy = new Map<string, string>();
  /** What lies in the source bucket now; empty unless a test puts something there. */
  readonly source = new Map<string, CurrentOriginal>();
  /** Object tags of every original, by their names. */
  readonly tags = new Map<string, string>();
  readonly records = new Map<string, Entry>();
  readonly notices: Notice[] = [];
  readonly lines: LogLine[] = [];
  readonly processed: ProcessedMeasures[] = [];
  readonly failed: string[] = [];
  /** Keys of the watermarks that transforms were given. */
  readonly watermarks: string[] = [];
  /** Thresholds that inspections were given. */
  readonly trims: number[] = [];
  deleted = 0;
  /** What every image is. */
  image: ImageInfo = { format: "jpeg", width: 4000, height: 3000, pages: 1, hasAlpha: false };
  /** Thrown once a step is reached, before it has any effect; removed by the test that set it. */
  readonly failures = new Map<string, PipelineError>();
  /** Run before a step, such as the arrival of a later upload. */
  readonly interruptions = new Map<string, () => void>();
  #now = Date.parse("2026-11-23T10:00:05.000Z");

  /** Makes a step fail until the failure is taken away. */
  failAt(step: string, code: ErrorCode): void {
    this.failures.set(step, new PipelineError(code, `${step} failed with ${code}.`));
  }

  /** Lets a later upload of the same key take over the record, as another invocation of the function does. */
  takeOver(upload: Upload): void {
    this.records.set(upload.key, { upload, attempts: 1 });
  }

  #step(name: string, detail: string): void {
    this.interruptions.get(name)?.();
    const failure = this.failures.get(name);
    if (failure !== undefined) throw failure;
    this.steps.push(`${name} ${detail}`);
  }

  #log(fields: LogFields): Log {
    const line = (level: LogLine["level"], message: string, more: LogFields = {}) =>
      this.lines.push({ level, message, fields: { ...fields, ...more } });
    return {
      with: (more) => this.#log({ ...fields, ...more }),
      info: (message, more) => line("info", message, more),
      warn: (message, more) => line("warn", message, more),
      error: (message, error) =>
        line("error", message, {
          code: error instanceof PipelineError ? error.code : undefined,
          error: String(error),
        }),
    };
  }

  #store(key: string, content: string, { sequencer }: Upload): void {
    if ((this.storedBy.get(key) ?? "") > sequencer) return;
    this.stored.set(key, content);
    this.storedBy.set(key, sequencer);
  }

  /** The rules of the asset library, without a database: `tests/local/library.test.ts` holds the real one against it. */
  readonly #library: AssetLibrary = {
    receive: async (upload, isAgain) => {
      this.#step("receive", upload.key);
      const entry = this.records.get(upload.key);
      const found = entry && holderOf(entry);
      const isLater = (found?.sequencer ?? "") < upload.sequencer;
      if (isAgain && isLater && !mayComeAgain(found?.sequencer, upload.sequencer)) {
        throw new PipelineError("MALFORMED_MESSAGE", "Its place in the order is not the record's.");
      }
      if (entry === undefined || found === undefined) {
        this.records.set(upload.key, { upload, attempts: 1 });
        return { outcome: "accepted", expected: "nothing" };
      }
      const reset = resetOf(found.sequencer);
      if (!isAgain && resetOf(upload.sequencer) < reset) return { outcome: "reset", reset };
      if (found.sequencer < upload.sequencer) {
        const isDone = upload.versionId !== undefined && found.versionId === upload.versionId;
        this.records.set(
          upload.key,
          isDone && found.isNotified && !isAgain ? { ...entry, upload } : { upload, attempts: 1 },
        );
        return isDone && found.isNotified && !isAgain
          ? currentRecord("duplicate", { ...found, sequencer: upload.sequencer })
          : { outcome: "accepted", expected: "earlier renditions" };
      }
      if (isStale(upload, found)) return { outcome: "stale" };
      if (found.sequencer === upload.sequencer && !found.isNotified) {
        this.records.set(upload.key, { ...entry, attempts: entry.attempts + 1 });
        const failure = entry.asset?.state === "FAILED" ? entry.asset : undefined;
        return { outcome: "accepted", expected: "earlier renditions", failure };
      }
      return found.sequencer === upload.sequencer || isSameOriginal(upload, found)
        ? currentRecord("duplicate", found)
        : currentRecord("superseded", found);
    },
    record: async (asset) => {
      const { upload } = asset;
      this.#step("record", `${upload.key} ${asset.state}`);
      const entry = this.records.get(upload.key) ?? { upload, attempts: 1 };
      const found = holderOf(entry);
      const isOther = found.state !== "RECEIVED" && found.state !== asset.state;
      if (found.sequencer === upload.sequencer && isOther) {
        return { ...currentRecord("preempted" as const, found), isNotified: found.isNotified };
      }
      if (found.sequencer !== upload.sequencer) {
        return isSameOriginal(upload, found)
          ? currentRecord("duplicate", found)
          : currentRecord("superseded", found);
      }
      const { failedTry: _, givenUpAt: _given, ...rest } = entry;
      this.records.set(upload.key, { ...rest, asset });
      return { outcome: "recorded", isNotified: found.isNotified };
    },
    markNotified: async (upload, at) => {
      this.#step("markNotified", upload.key);
      const entry = this.records.get(upload.key);
      if (entry?.upload.sequencer === upload.sequencer) entry.notifiedAt = at;
    },
    noteFailedTry: async (upload, failedTry) => {
      this.#step("note", `${upload.key} ${failedTry.code}`);
      const entry = this.records.get(upload.key);
      const found = entry && holderOf(entry);
      const isItsOwn = found?.sequencer === upload.sequencer && found.state === "RECEIVED";
      if (entry === undefined || found === undefined || !isItsOwn) return { outcome: "nothing" };
      entry.failedTry = failedTry;
      return { outcome: "noted", isGivenUp: found.isGivenUp };
    },
    markGivenUp: async (upload, at) => {
      this.#step("markGivenUp", upload.key);
      const entry = this.records.get(upload.key);
      const found = entry && holderOf(entry);
      if (entry === undefined || found?.sequencer !== upload.sequencer) return;
      if (found.state === "RECEIVED") entry.givenUpAt = at;
    },
    confirm: async (upload) => {
      this.#step("confirm", upload.key);
      const entry = this.records.get(upload.key);
      const found = entry && holderOf(entry);
      const isConfirmed =
        entry !== undefined &&
        found !== undefined &&
        upload.versionId !== undefined &&
        found.isNotified &&
        found.versionId === upload.versionId &&
        found.sequencer <= upload.sequencer;
      if (isConfirmed) this.records.set(upload.key, { ...entry, upload });
      return isConfirmed;
    },
    waitingFor: async ({ bucket, key, versionId, eTag, restoredAt }) => {
      this.#step("look for record", key);
      const entry = this.records.get(key);
      if (entry === undefined) return { outcome: "nothing", bySequencer: "", listedKeys: [] };
      const nothing = currentRecord("nothing" as const, holderOf(entry));
      if (entry.deletedAt !== undefined) return nothing;
      const { upload, asset, notifiedAt } = entry;
      const isOfIt =
        versionId === undefined ? eTag !== undefined && upload.eTag === eTag : upload.versionId === versionId;
      const isArchived = asset?.state === "FAILED" && asset.reason.code === "SOURCE_ARCHIVED";
      if (!isOfIt || (notifiedAt !== undefined && !isArchived)) return nothing;
      const record = {
        ImageKey: key,
        SourceBucket: bucket,
        SizeBytes: asset?.upload.sizeBytes ?? 4_000,
        ETag: upload.eTag,
        VersionId: upload.versionId,
        Sequencer: upload.sequencer,
        UploadTime: asset?.upload.uploadTime ?? "2026-11-23T10:00:00.000Z",
      };
      return { outcome: "waiting", upload: restoredUpload(record, restoredAt) };
    },
    reset: async (key, sequencer) => {
      this.#step("reset record", key);
      const entry = this.records.get(key);
      if (entry === undefined) return { outcome: "nothing" };
      const found = holderOf(entry);
      if (resetOf(sequencer) < resetOf(found.sequencer)) return currentRecord("superseded", found);
      if (found.sequencer < sequencer) {
        const { versionId, eTag } = entry.upload;
        this.records.set(key, { upload: { versionId, eTag, sequencer }, attempts: entry.attempts });
      }
      return { outcome: "begun" };
    },
    remove: async ({ key, sequencer, removedAt }) => {
      this.#step("remove record", key);
      const entry = this.records.get(key);
      const found = entry && holderOf(entry);
      const reset = resetOf(found?.sequencer ?? "");
      if (resetOf(sequencer) < reset) return { outcome: "reset", reset };
      if (found !== undefined && found.sequencer > sequencer) return currentRecord("superseded", found);
      if (found?.sequencer === sequencer && found.state !== "DELETED") return { outcome: "stale" };
      this.records.set(key, {
        upload: { versionId: undefined, eTag: undefined, ...entry?.upload, sequencer },
        attempts: entry?.attempts ?? 0,
        deletedAt: removedAt,
      });
      return { outcome: "removed" };
    },
  };

  readonly ports: Ports = {
    source: {
      current: async (_bucket, key) => {
        this.#step("look", key);
        return this.source.get(key);
      },
      tags: async (upload, names) => {
        this.#step("tags", `${upload.key} ${upload.versionId}`);
        return Object.fromEntries(names.map((name) => [name, this.tags.get(name)]));
      },
      read: async (upload) => {
        this.#step("read", `${upload.key} ${upload.versionId}`);
        return new TextEncoder().encode(`original ${upload.versionId}`);
      },
    },
    watermarks: {
      read: async (bucket, key) => {
        this.#step("read watermark", `${bucket}/${key}`);
        return new TextEncoder().encode(`watermark ${key}`);
      },
    },
    imaging: {
      inspect: async (_bytes, trims = []) => {
        this.trims.push(...trims);
        this.#step("inspect", this.image.format);
        return this.image;
      },
      transform: async (bytes, plans, deliver, watermarks = new Map()) => {
        this.watermarks.push(...watermarks.keys());
        this.#step("transform", plans.map(({ name }) => name).join(","));
        for (const { name, size, renditions } of plans) {
          for (const { key, format, cacheControl } of renditions) {
            const text = `${name}.${format} of ${new TextDecoder().decode(bytes)}`;
            const file = new TextEncoder().encode(text);
            await deliver({ name, key, format, ...size, cacheControl, bytes: file });
          }
        }
        return {
          dominantColour: "#336699",
          placeholder: "data:image/webp;base64,AAAA",
          thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
        };
      },
    },
    renditions: {
      write: async ({ key, bytes }, original) => {
        this.#step("store", key);
        this.#store(key, new TextDecoder().decode(bytes), original);
      },
      writeManifest: async (key, manifest, original) => {
        this.#step("store", key);
        this.#store(key, JSON.stringify(manifest), original);
      },
      remove: async (originalKey, isLeftOver) => {
        this.#step("remove", originalKey);
        const removed = [...this.storedBy].flatMap(([key, sequencer]) => {
          const isBeside =
            key.startsWith(`${originalKey}/`) && !key.slice(originalKey.length + 1).includes("/");
          return isBeside && isLeftOver({ key, sequencer }) ? [key] : [];
        });
        for (const key of removed) {
          this.stored.delete(key);
          this.storedBy.delete(key);
        }
        return removed;
      },
    },
    library: this.#library,
    notifier: {
      notify: async (notice) => {
        this.#step("notify", notice.subject);
        this.notices.push(notice);
      },
    },
    log: this.#log({}),
    metrics: {
      imageProcessed: (measures) => this.processed.push(measures),
      imageFailed: (reasonCode) => this.failed.push(reasonCode),
      imageDeleted: () => {
        this.deleted += 1;
      },
    },
    trace: {
      stage: (name, run) => {
        this.stages.push(name);
        return run();
      },
    },
    sha256: (bytes) => `digest of ${new TextDecoder().decode(bytes)}`,
    madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
    // Every look at the clock takes 100 ms, so durations tell how often it was looked at.
    clock: {
      now: () => {
        const now = new Date(this.#now);
        this.#now += 100;
        return now;
      },
    },
  };
}
