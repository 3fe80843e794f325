import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Socket } from "node:net";
import { type Frame, frameReader, type Reply } from "./frames.ts";

export type ProcessOptions = {
  /** The module that the process runs; see `serveImaging`. */
  readonly entry: string;
  /** What it is told, as JSON. */
  readonly options: object;
  /** The environment of this process, of which the other gets no credentials. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Variables that Node.js, glibc and fontconfig look for. */
const PASSED_ON = ["FONTCONFIG_FILE", "HOME", "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "PATH", "TZ"];

/**
 * glibc keeps what is freed in up to eight arenas a vCPU, none of which another thread takes from. With two, the default
 * renditions of a 24-megapixel JPEG took 193 MiB at their peak instead of 270, and no more time
 * (https://sharp.pixelplumbing.com/install/#linux-memory-allocator tells of it).
 */
const DEFAULTS = { MALLOC_ARENA_MAX: "2" };

/** What a process wrote to its standard error is kept up to this many characters. */
const MAX_LAST_WORDS = 2000;

export type Ended = {
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  readonly lastWords: string;
};

export type Process = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly next: () => Promise<Frame<Reply> | undefined>;
  readonly ended: Promise<Ended>;
  /** The file that it has; sent once for inspection and transform. */
  file: WeakRef<Uint8Array> | undefined;
};

/** The decoder ended by itself, or was killed by another than us. */
export class Crash extends Error {
  readonly ended: Ended;
  constructor(ended: Ended) {
    super(`The process ended with ${ended.signal ?? `exit code ${ended.exitCode}`}. ${ended.lastWords}`);
    this.name = "Crash";
    this.ended = ended;
  }
}

const passedOn = (environment: ProcessOptions["environment"]): Record<string, string> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const start = ({ entry, options, environment }: ProcessOptions): Process => {
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    env: { ...DEFAULTS, ...passedOn(environment) },
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
export const holdOpen = ({ child }: Process, isHeld: boolean): void => {
  const sockets = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const handle of [child, ...sockets]) {
    if (isHeld) handle.ref();
    else handle.unref();
  }
};
