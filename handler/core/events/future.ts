import { PipelineError } from "../errors.ts";

/** By how much the clock of whoever sends a message may be ahead of the function's, in milliseconds. */
const MAX_AHEAD_MS = 15 * 60_000;

/**
 * Refuses a message whose time is its place in an order: one from the future would come after all that is sent until then.
 * @throws PipelineError MALFORMED_MESSAGE
 */
export const refuseFuture = (at: Date, now: Date): void => {
  if (!(at.getTime() <= now.getTime() + MAX_AHEAD_MS)) {
    throw new PipelineError(
      "MALFORMED_MESSAGE",
      `The message is from the future, ${Number.isNaN(at.getTime()) ? "at no time that there is" : at.toISOString()}: it is refused until then.`,
    );
  }
};
