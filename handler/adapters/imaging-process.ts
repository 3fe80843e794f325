import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Socket } from "node:net";
import { PipelineError } from "../core/errors.ts";
import type { Imaging, RenditionFile } from "../ports.ts";
import { type Frame, frameReader, type Reply, type Work, writeFrame } from "./imaging-process/frames.ts";

export type ImagingProcessOptions = {
  /** The module that the process runs; see `serveImaging`. */
  readonly entry: string;
  /** What it is told, as JSON. */
  readonly options: object;
  /** The environment of this process, of which the other gets no credentials. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Longest time that an inspection or a transform may take, in seconds, without what its deliveries take. */
  readonly maxSeconds: number;
};

/** Variables that Node.js, glibc and fontconfig look for. */
const PASSED_ON = ["FONTCONFIG_FILE", "HOME", "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "PATH", "TZ"];

/** What a process wrote to its standard error is kept up to this many characters. */
const MAX_LAST_WORDS = 2000;

/** Tries of one image: a decoder that crashes twice on it will crash a third time. */
const TRIES = 2;

type Ended = {
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  readonly lastWords: string;
};

type Process = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly next: () => Promise<Frame<Reply> | undefined>;
  readonly ended: Promise<Ended>;
  /** The file that it has; sent once for inspection and transform. */
  file: WeakRef<Uint8Array> | undefined;
};

/** The decoder ended by itself, or was killed by another than us. */
class Crash extends Error {
  readonly ended: Ended;
  constructor(ended: Ended) {
    super(`The process ended with ${ended.signal ?? `exit code ${ended.exitCode}`}. ${ended.lastWords}`);
    this.name = "Crash";
    this.ended = ended;
  }
}

const start = ({ entry, options, environment }: ImagingProcessOptions): Process => {
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    env: Object.fromEntries(PASSED_ON.map((name) => [name, environment[name]])),
    stdio: "pipe",
  });
  let lastWords = "";
  child.stderr.on("data", (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk}`.slice(-MAX_LAST_WORDS);
  });
  // A process that is gone can't be written to; that it is gone is what `ended` tells.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.on("error", (error) => resolve({ signal: null, exitCode: null, lastWords: error.message }));
    child.on("close", (exitCode, signal) => resolve({ signal, exitCode, lastWords: lastWords.trim() }));
  });
  return { child, ended, next: frameReader<Reply>(child.stdout), file: undefined };
};

/** While nothing is asked of it, the process keeps nothing alive. */
const holdOpen = ({ child }: Process, isHeld: boolean): void => {
  const sockets = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const handle of [child, ...sockets]) {
    if (isHeld) handle.ref();
    else handle.unref();
  }
};

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

/** Time that runs, but not while it is held. */
const stopwatch = (milliseconds: number, onEnd: () => void) => {
  let left = milliseconds;
  let startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined = setTimeout(onEnd, left);
  return {
    hold: () => {
      clearTimeout(timer);
      left -= performance.now() - startedAt;
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
    const clock = stopwatch(options.maxSeconds * 1000, () => {
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
      clock.hold();
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
    inspect: async (bytes) => {
      const reply = await request({ kind: "inspect" }, [bytes]);
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
