import { PipelineError } from "../errors.ts";
import { plain } from "../strangers-text.ts";

/** What one try failed on, after which the message went back to the queue. */
export type FailedTry = {
  /** The pipeline's own code, or the name of an error that nobody expected. */
  readonly code: string;
  /** Fit to be shown: it may hold what an uploader named a file. */
  readonly sentence: string;
};

/** Longest sentence that is kept, in characters: a key has 1,024 at most. */
const MAX_SENTENCE = 1_500;

/** What a try failed on, with what AWS calls it where AWS was the cause. */
export const failedTryOf = (error: unknown): FailedTry => {
  if (!(error instanceof Error)) return { code: "UNKNOWN", sentence: plain(String(error)) };
  const cause = error.cause instanceof Error ? ` (${error.cause.name})` : "";
  const code = error instanceof PipelineError ? error.code : error.name;
  return { code, sentence: plain(`${error.message}${cause}`.slice(0, MAX_SENTENCE)) };
};

/**
 * Whether a record can say what a try failed on: not when it is out of reach itself, and not when the run has no time
 * left to say so.
 */
export const isRecordable = (error: unknown): boolean =>
  !(error instanceof PipelineError && ["RECORD_FAILED", "OUT_OF_TIME"].includes(error.code));
