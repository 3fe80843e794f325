import { PipelineError } from "../core/errors.ts";
import type { Imaging, RenditionFile } from "../ports.ts";
import { type Frame, type Reply, type Work, writeFrame } from "./imaging-process/frames.ts";
import { Crash, holdOpen, type Process, type ProcessOptions, start } from "./imaging-process/process.ts";

export type ImagingProcessOptions = ProcessOptions & {
  /** Longest time that inspection and transform of an image may take together, in seconds, without its deliveries. */
  readonly maxSeconds: number;
};

/** Tries of one image: a decoder that crashes twice on it will crash a third time. */
const TRIES = 2;

const crashed = (crash: Crash): PipelineError => {
  const cause = { cause: crash };
  return crash.ended.signal === "SIGKILL"
    ? new PipelineError(
        "TOO_MUCH_MEMORY",
        "The decoder was killed each time it worked on the file, most likely since the function's memory was used up.",
        cause,
      )
    : new PipelineError("DECODER_CRASHED", "The decoder crashed each time it worked on the file.", cause);
};

type Unsent = Work extends infer Each ? (Each extends Work ? Omit<Each, "isFileKept"> : never) : never;

/** The original, then what else the work needs. */
type Blobs = readonly [file: Uint8Array, ...others: Uint8Array[]];

const unexpected = ({ kind }: Reply): PipelineError =>
  new PipelineError("TRANSFORM_FAILED", `The decoder's process answered with ${kind}.`);

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

/**
 * Imaging in a process of its own, which can be stopped, and whose crash harms nobody: the image that was in work is
 * told apart from the others of its batch, and the next one gets a new process.
 */
export const imagingProcess = (options: ImagingProcessOptions): Imaging => {
  // At once, so that it loads the decoder while this process loads the rest.
  let current = start(options);
  let isReady = false;
  holdOpen(current, false);

  // A transform has the time that the inspection of its file has left.
  const msLeft = new WeakMap<Uint8Array, number>();

  const restart = (): void => {
    current.child.kill("SIGKILL");
    current = start(options);
    isReady = false;
  };

  const replyOf = async ({ next, ended }: Process): Promise<Frame<Reply>> => {
    const frame = await next();
    if (frame === undefined) throw new Crash(await ended);
    return frame;
  };

  const awaitReady = async (running: Process): Promise<void> => {
    if (isReady) return;
    try {
      await replyOf(running);
      isReady = true;
    } catch (cause) {
      throw new PipelineError("TRANSFORM_FAILED", "The decoder's process could not be started.", { cause });
    }
  };

  /** One try of one request. */
  const ask = async (
    running: Process,
    work: Unsent,
    [file, ...others]: Blobs,
    deliver: (file: RenditionFile) => Promise<void>,
  ): Promise<Reply> => {
    await awaitReady(running);
    let isTooLate = false;
    const msAllowed = work.kind === "transform" ? msLeft.get(file) : undefined;
    const clock = stopwatch(msAllowed ?? options.maxSeconds * 1000, () => {
      isTooLate = true;
      running.child.kill("SIGKILL");
    });
    let undelivered: { readonly reason: unknown } | undefined;
    try {
      const isFileKept = running.file?.deref() === file;
      running.file = new WeakRef(file);
      const blobs = [isFileKept ? new Uint8Array() : file, ...others];
      // A process that ended reads no more: what became of it shows in the reply.
      await Promise.race([writeFrame(running.child.stdin, { ...work, isFileKept }, blobs), running.ended]);
      for (;;) {
        const { message, blobs } = await replyOf(running);
        switch (message.kind) {
          case "file": {
            clock.hold();
            try {
              await deliver({ ...message.file, bytes: blobs[0] ?? new Uint8Array() });
            } catch (reason) {
              undelivered ??= { reason };
            }
            clock.resume();
            await writeFrame(running.child.stdin, { kind: "delivered", isWanted: undelivered === undefined });
            break;
          }
          case "inspected":
          case "transformed":
            return message;
          case "error":
            throw undelivered === undefined
              ? new PipelineError(message.code, message.message, { cause: new Error(message.cause) })
              : undelivered.reason;
          case "ready":
            break;
          default:
            return message satisfies never;
        }
      }
    } catch (error) {
      if (!isTooLate) throw error;
      throw new PipelineError(
        "TOO_MUCH_TIME",
        `The image was not done within ${options.maxSeconds} seconds, and was stopped.`,
        { cause: error },
      );
    } finally {
      const left = clock.hold();
      if (work.kind === "inspect") msLeft.set(file, left);
    }
  };

  const request = async (
    work: Unsent,
    blobs: Blobs,
    deliver: (file: RenditionFile) => Promise<void> = async () => undefined,
  ): Promise<Reply> => {
    const delivered = new Set<string>();
    const deliverOnce = async (file: RenditionFile): Promise<void> => {
      if (delivered.has(file.key)) return;
      await deliver(file);
      delivered.add(file.key);
    };
    for (let attempt = 1; ; attempt += 1) {
      if (current.child.exitCode !== null || current.child.signalCode !== null) restart();
      const running = current;
      holdOpen(running, true);
      try {
        return await ask(running, work, blobs, deliverOnce);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        if (attempt === TRIES) throw crashed(error);
      } finally {
        holdOpen(running, false);
      }
    }
  };

  return {
    inspect: async (bytes, trims = []) => {
      const reply = await request({ kind: "inspect", trims }, [bytes]);
      if (reply.kind !== "inspected") throw unexpected(reply);
      return reply.image;
    },
    transform: async (bytes, plans, deliver, watermarks = new Map()) => {
      const work = { kind: "transform", plans, watermarkKeys: [...watermarks.keys()] } as const;
      const reply = await request(work, [bytes, ...watermarks.values()], deliver);
      if (reply.kind !== "transformed") throw unexpected(reply);
      return reply.appearance;
    },
  };
};
