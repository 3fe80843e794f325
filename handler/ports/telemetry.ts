import type { PermanentCode } from "../core/errors.ts";

export type LogFields = Readonly<Record<string, string | number | undefined>>;

export type Log = {
  /** A log whose every line carries these fields too. */
  readonly with: (fields: LogFields) => Log;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, error: unknown) => void;
};

export type ProcessedMeasures = {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly transformMs: number;
};

export type ImageMetrics = {
  readonly imageProcessed: (measures: ProcessedMeasures) => void;
  readonly imageFailed: (reasonCode: PermanentCode) => void;
  readonly imageDeleted: () => void;
};

export type Trace = {
  /** Runs one stage of the pipeline as a span of the trace, if there is one. */
  readonly stage: <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;
};
