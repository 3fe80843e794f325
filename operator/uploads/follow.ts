import * as timers from "node:timers/promises";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import type { LogLine } from "../health/log-line.ts";
import type { DeployedPipeline, RetryPolicy } from "./deployed-pipeline.ts";
import type { UploadedObject } from "./upload-object.ts";

/** What happens to an upload, as it happens. */
export type Progress =
  | { readonly kind: "received"; readonly record: AssetRecord }
  | { readonly kind: "given-back"; readonly line: LogLine; readonly retry: RetryPolicy }
  | { readonly kind: "dead"; readonly retry: RetryPolicy }
  | { readonly kind: "processed"; readonly record: AssetRecord }
  | { readonly kind: "failed"; readonly record: AssetRecord }
  | { readonly kind: "mailed"; readonly record: AssetRecord }
  | { readonly kind: "deleted"; readonly record: AssetRecord }
  | { readonly kind: "replaced" };

const POLL_MS = 100;
/** The log and the source bucket are asked less often than the record: every so many polls. */
const POLLS_A_LOOK = 10;

/** What the log says about tries that failed, each once. */
class FailedTries {
  readonly #seen = new Set<string>();
  readonly #pipeline: DeployedPipeline;
  readonly #since: Date;

  constructor(pipeline: DeployedPipeline, since: Date) {
    this.#pipeline = pipeline;
    this.#since = since;
  }

  async next(key: string): Promise<LogLine[]> {
    const lines = await this.#pipeline.logLines(key);
    return lines.filter(({ level, timestamp, messageId, delivery }) => {
      const id = `${messageId} ${delivery} ${timestamp}`;
      const isNew = level === "ERROR" && new Date(timestamp) >= this.#since && !this.#seen.has(id);
      this.#seen.add(id);
      return isNew;
    });
  }
}

/**
 * Follows one upload until its mail is sent, its message is in the dead-letter queue, a later upload has replaced
 * it, or the signal aborts.
 */
export async function* follow(
  pipeline: DeployedPipeline,
  uploaded: UploadedObject,
  signal: AbortSignal,
): AsyncGenerator<Progress, void> {
  const retry = await pipeline.retryPolicy();
  const failedTries = new FailedTries(pipeline, new Date(Date.now() - POLL_MS * POLLS_A_LOOK));
  let isReceived = false;
  let isDone = false;
  for (let poll = 1; !signal.aborted; poll += 1) {
    const found = await pipeline.record(uploaded.key);
    const isOurs = uploaded.versionId === undefined || found?.VersionId === uploaded.versionId;
    const record = isOurs ? found : undefined;
    if (record !== undefined && !isReceived) {
      isReceived = true;
      yield { kind: "received", record };
    }
    if (record?.State === "DELETED") {
      yield { kind: "deleted", record };
      return;
    }
    if (record !== undefined && record.State !== "RECEIVED" && !isDone) {
      isDone = true;
      yield { kind: record.State === "PROCESSED" ? "processed" : "failed", record };
    }
    if (record?.NotifiedAt !== undefined) {
      yield { kind: "mailed", record };
      return;
    }
    if (poll % POLLS_A_LOOK === 0) {
      for (const line of await failedTries.next(uploaded.key)) {
        yield { kind: "given-back", line, retry };
        if ((line.delivery ?? 0) >= retry.maxReceiveCount) {
          yield { kind: "dead", retry };
          return;
        }
      }
      if (record === undefined && (await pipeline.isReplaced(uploaded))) {
        yield { kind: "replaced" };
        return;
      }
    }
    await timers.setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

/** Each upload that is in the source bucket or reaches it, in whatever way. */
export async function* newUploads(
  pipeline: DeployedPipeline,
  signal: AbortSignal,
): AsyncGenerator<UploadedObject, void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const uploaded of await pipeline.uploads()) {
      const id = `${uploaded.versionId} ${uploaded.key}`;
      if (!seen.has(id)) {
        seen.add(id);
        yield uploaded;
      }
    }
    await timers.setTimeout(POLL_MS * 3, undefined, { signal }).catch(() => {});
  }
}
