import type { AssetRecord } from "../core/record/record.ts";
import type { SourceReader } from "./source.ts";
import type { Log } from "./telemetry.ts";

export type RecordReader = {
  /**
   * The record of an original as it is now; `undefined` when there is none.
   * @throws RECORD_FAILED (retryable)
   */
  readonly find: (key: string) => Promise<AssetRecord | undefined>;
};

export type MessageQueue = {
  /** @throws SEND_FAILED (retryable) */
  readonly send: (body: string) => Promise<void>;
};

/** What the function needs that has originals processed once more. */
export type ReprocessorPorts = {
  readonly records: RecordReader;
  readonly source: Pick<SourceReader, "current">;
  readonly queue: MessageQueue;
  readonly log: Log;
};
