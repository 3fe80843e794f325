import { PipelineError } from "../core/errors.ts";

/** Milliseconds until Lambda ends this run of the function, whatever it is doing then. */
export type RemainingMs = () => number;

/** What answering SQS takes, and flushing logs; work that is cut off instead is only found out by a timeout. */
const ANSWER_MS = 1_500;

/** How a run spends its time: what cannot be finished is handed back while there is time to say so. */
export type TimeLeft = {
  /** @throws PipelineError OUT_OF_TIME (retryable) when the answer is due */
  readonly check: () => void;
  /** Whether there is time for one more message that takes as long as the longest so far. */
  readonly isEnoughForAnother: () => boolean;
  /** Remembers how long a message took. */
  readonly spent: (ms: number) => void;
  /** The work's result, or `undefined` when the answer is due before; the work then stops at its next step. */
  readonly within: <Result>(work: Promise<Result>) => Promise<Result | undefined>;
};

export const outOfTime = (): PipelineError =>
  new PipelineError("OUT_OF_TIME", "The function's time is up; the message is handed back before it ends.");

export const timeLeft = (remainingMs: RemainingMs): TimeLeft => {
  let longestMs = 0;
  const untilAnswerMs = (): number => remainingMs() - ANSWER_MS;
  return {
    check: () => {
      if (untilAnswerMs() <= 0) throw outOfTime();
    },
    isEnoughForAnother: () => untilAnswerMs() > longestMs,
    spent: (ms) => {
      longestMs = Math.max(longestMs, ms);
    },
    within: async (work) => {
      let timer: NodeJS.Timeout | undefined;
      const due = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), Math.max(0, untilAnswerMs()));
      });
      try {
        return await Promise.race([work, due]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
};
