import type { Asset } from "../../handler/core/asset.ts";
import { type ErrorCode, PipelineError } from "../../handler/core/errors.ts";
import type { Notice } from "../../handler/core/notice.ts";
import type { ImageInfo } from "../../handler/core/plan.ts";
import type { Upload } from "../../handler/core/upload-event.ts";
import type { Log, LogFields, Ports, ProcessedMeasures } from "../../handler/ports.ts";

type LogLine = {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
};

type Entry = { readonly upload: Upload; asset?: Asset; notifiedAt?: Date; attempts: number };

/**
 * All ports in memory, with what they were asked to do. Images are not looked at: every one is `image`, and a
 * rendition's bytes are a text that names it and the version of its original.
 */
export class FakePorts {
  /** Steps in the order in which they ended, such as `store beach.jpg/thumbnail.webp`. */
  readonly steps: string[] = [];
  readonly stages: string[] = [];
  readonly stored = new Map<string, string>();
  readonly records = new Map<string, Entry>();
  readonly notices: Notice[] = [];
  readonly lines: LogLine[] = [];
  readonly processed: ProcessedMeasures[] = [];
  readonly failed: string[] = [];
  /** Keys of the watermarks that transforms were given. */
  readonly watermarks: string[] = [];
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

  readonly ports: Ports = {
    source: {
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
      inspect: async () => {
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
        return { dominantColour: "#336699", placeholder: "data:image/webp;base64,AAAA" };
      },
    },
    renditions: {
      write: async ({ key, bytes }) => {
        this.#step("store", key);
        this.stored.set(key, new TextDecoder().decode(bytes));
      },
      writeManifest: async (key, manifest) => {
        this.#step("store", key);
        this.stored.set(key, JSON.stringify(manifest));
      },
    },
    library: {
      receive: async (upload) => {
        this.#step("receive", upload.key);
        const entry = this.records.get(upload.key);
        if (entry === undefined || entry.upload.sequencer < upload.sequencer) {
          this.records.set(upload.key, { upload, attempts: 1 });
          return { outcome: "accepted" };
        }
        if (entry.upload.sequencer > upload.sequencer) return { outcome: "superseded", by: entry.upload };
        if (entry.notifiedAt !== undefined) return { outcome: "duplicate" };
        entry.attempts += 1;
        return { outcome: "accepted" };
      },
      record: async (asset) => {
        this.#step("record", `${asset.upload.key} ${asset.state}`);
        const entry = this.records.get(asset.upload.key);
        if (entry !== undefined && entry.upload.sequencer !== asset.upload.sequencer) {
          return { outcome: "superseded", by: entry.upload };
        }
        this.records.set(asset.upload.key, { attempts: 1, ...entry, upload: asset.upload, asset });
        return { outcome: "recorded", isNotified: entry?.notifiedAt !== undefined };
      },
      markNotified: async (upload, at) => {
        this.#step("markNotified", upload.key);
        const entry = this.records.get(upload.key);
        if (entry?.upload.sequencer === upload.sequencer) entry.notifiedAt = at;
      },
    },
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
    },
    trace: {
      stage: (name, run) => {
        this.stages.push(name);
        return run();
      },
    },
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
