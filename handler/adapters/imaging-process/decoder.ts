import { PipelineError } from "../../core/errors.ts";
import { type ImagingReply, parseImagingReply } from "../../core/plan/imaging-reply.ts";
import { BrokenFrame, type Frame, type Request, type Task, writeFrame } from "./frames.ts";
import { Crash, endOf, hasEnded, holdOpen, type Process, type ProcessOptions, start } from "./process.ts";

export type DecoderOptions = ProcessOptions & {
  /** Longest time that inspection and transform of an image may take together, in seconds, without its deliveries. */
  readonly maxSeconds: number;
  /** Longest time that the process may take to start, in seconds; a cold one with little CPU takes some. @default 30 */
  readonly maxStartSeconds?: number;
};

/** The original, then what else the work needs. */
export type Blobs = readonly [file: Uint8Array, ...others: Uint8Array[]];

export type Answer = Exclude<ImagingReply, { readonly kind: "ready" | "error" }>;

/** What is said about one piece of work, once it is asked for. */
export type Session = {
  /**
   * The decoder's next answer.
   * @param mostBytes judges how many bytes may come beside it; none unless it says so
   * @throws BrokenFrame; PipelineError with what the decoder refuses the file for
   */
  readonly answer: (mostBytes?: (answer: Answer) => number) => Promise<Frame<Answer>>;
  readonly say: (message: Request) => Promise<void>;
  /** Does what does not count as the decoder's time. */
  readonly untimed: <Result>(run: () => Promise<Result>) => Promise<Result>;
};

export type Decoder = {
  /** Asks for one piece of work at a time, also for several callers. */
  readonly request: <Result>(
    task: Task,
    blobs: Blobs,
    converse: (session: Session) => Promise<Result>,
  ) => Promise<Result>;
  /** Ends the process, and what it works on. */
  readonly close: () => void;
};

/** Tries of one image: a decoder that crashes twice on it will crash a third time. */
const TRIES = 2;

const crashed = (crash: Crash): PipelineError =>
  crash.isKilled
    ? new PipelineError(
        "TOO_MUCH_MEMORY",
        "The decoder was killed each time it worked on the file, most likely since the function's memory was used up.",
        { cause: crash },
      )
    : new PipelineError("DECODER_CRASHED", "The decoder crashed each time it worked on the file.", {
        cause: crash,
      });

/** Time that runs, but not while it is held; holding it tells the milliseconds that are left. */
const stopwatch = (milliseconds: number, onEnd: () => void) => {
  let left = milliseconds;
  let startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined = setTimeout(onEnd, Math.max(1, left));
  return {
    hold: (): number => {
      clearTimeout(timer);
      left -= performance.now() - startedAt;
      return left;
    },
    resume: () => {
      startedAt = performance.now();
      timer = setTimeout(onEnd, Math.max(1, left));
    },
  };
};

const parsed = (text: string): ImagingReply => {
  const reply = parseImagingReply(text);
  if (reply === undefined) throw new BrokenFrame("It sent a message that is no reply.");
  return reply;
};

/** No more than one blob comes beside a reply; the frame's limits see to it. */
const judgeSizes = (sizes: readonly number[], most: number): void => {
  const [size] = sizes;
  if (size !== undefined && size > most) {
    throw new BrokenFrame(`It sent ${size} bytes where at most ${most} may come.`);
  }
};

const awaitReady = async (running: Process, maxSeconds: number): Promise<void> => {
  if (running.isReady) return;
  const timer = setTimeout(() => running.child.kill("SIGKILL"), maxSeconds * 1000);
  try {
    const frame = await running.next((text, sizes) => {
      judgeSizes(sizes, 0);
      return parsed(text);
    });
    if (frame === undefined) throw await endOf(running);
    const { kind } = frame.message;
    if (kind !== "ready") throw new BrokenFrame(`It sent ${kind} before it was asked.`);
    running.isReady = true;
  } catch (cause) {
    throw new PipelineError("TRANSFORM_FAILED", "The decoder's process could not be started.", { cause });
  } finally {
    clearTimeout(timer);
  }
};

const sessionOf = (running: Process, number: number, clock: ReturnType<typeof stopwatch>): Session => ({
  answer: async (mostBytes = () => 0) => {
    const frame = await running.next((text, sizes): Answer => {
      const reply = parsed(text);
      if (reply.kind === "ready" || reply.number !== number) {
        throw new BrokenFrame(`It sent ${reply.kind}, which nobody waits for.`);
      }
      if (reply.kind === "error") {
        judgeSizes(sizes, 0);
        throw new PipelineError(reply.code, reply.message, { cause: new Error(reply.cause) });
      }
      judgeSizes(sizes, mostBytes(reply));
      return reply;
    });
    if (frame === undefined) throw await endOf(running);
    return frame;
  },
  say: (message) => writeFrame(running.channel, message),
  untimed: async (run) => {
    clock.hold();
    try {
      return await run();
    } finally {
      clock.resume();
    }
  },
});

/**
 * A process in which images are decoded, that can be stopped, and whose crash harms nobody: the image that was in work is
 * told apart from the others, and the next one gets a new process. Nothing that it says is trusted.
 */
export const decoder = (options: DecoderOptions): Decoder => {
  // At once, so that it loads the decoder while this process loads the rest.
  let current: Process | undefined = start(options);
  holdOpen(current, false);
  let numbers = 0;
  let isClosed = false;

  // A transform has the time that the inspection of its file has left.
  const msLeft = new WeakMap<Uint8Array, number>();

  const running = (): Process => {
    if (current === undefined || hasEnded(current)) current = start(options);
    return current;
  };
  const stop = (process: Process): void => {
    process.child.kill("SIGKILL");
    if (current === process) current = undefined;
  };

  /** One try of one request. */
  const ask = async <Result>(
    process: Process,
    task: Task,
    [file, ...others]: Blobs,
    converse: (session: Session) => Promise<Result>,
  ): Promise<Result> => {
    await awaitReady(process, options.maxStartSeconds ?? 30).catch((error: unknown) => {
      stop(process);
      throw error;
    });
    let isTooLate = false;
    const msAllowed = task.kind === "transform" ? msLeft.get(file) : undefined;
    const clock = stopwatch(msAllowed ?? options.maxSeconds * 1000, () => {
      isTooLate = true;
      stop(process);
    });
    try {
      const isFileKept = process.file?.deref() === file;
      process.file = new WeakRef(file);
      numbers += 1;
      const session = sessionOf(process, numbers, clock);
      const work = { ...task, number: numbers, isFileKept };
      await writeFrame(process.channel, work, [isFileKept ? new Uint8Array() : file, ...others]);
      return await converse(session);
    } catch (error) {
      if (isTooLate) {
        throw new PipelineError(
          "TOO_MUCH_TIME",
          `The image was not done within ${options.maxSeconds} seconds, and was stopped.`,
          { cause: error },
        );
      }
      if (!(error instanceof BrokenFrame)) throw error;
      throw new Crash(error.message);
    } finally {
      const left = clock.hold();
      if (task.kind === "inspect") msLeft.set(file, left);
    }
  };

  const tried: Decoder["request"] = async (task, blobs, converse) => {
    for (let attempt = 1; ; attempt += 1) {
      const process = running();
      holdOpen(process, true);
      try {
        return await ask(process, task, blobs, converse);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        stop(process);
        if (isClosed)
          throw new PipelineError("TRANSFORM_FAILED", "The decoder was closed.", { cause: error });
        if (attempt === TRIES) throw crashed(error);
      } finally {
        holdOpen(process, false);
      }
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (task, blobs, converse) => {
      const done = last.then(() => tried(task, blobs, converse));
      last = done.catch(() => undefined);
      return done;
    },
    close: () => {
      isClosed = true;
      if (current !== undefined) stop(current);
    },
  };
};
