import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { MAX_REPLY_BYTES } from "../../core/plan/imaging-reply.ts";
import { type Frame, frameReader, type Judge } from "./frames.ts";

export type ProcessOptions = {
  /** The module that the process runs; see `serveImaging`. */
  readonly entry: string;
  /** What it is told, as JSON. */
  readonly options: object;
  /** The environment of this process, of which the other gets no credentials. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The descriptor over which the processes speak: what a library prints is no frame. */
export const CHANNEL = 3;

/** Variables that Node.js, glibc and fontconfig look for. */
const PASSED_ON = ["FONTCONFIG_FILE", "HOME", "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "PATH", "TZ"];

/**
 * glibc keeps what is freed in up to eight arenas a vCPU, none of which another thread takes from. With two, the default
 * renditions of a 24-megapixel JPEG took 193 MiB at their peak instead of 270, and no more time
 * (https://sharp.pixelplumbing.com/install/#linux-memory-allocator tells of it).
 */
const DEFAULTS = { MALLOC_ARENA_MAX: "2" };

/** A reply has a file beside it, or nothing. */
const LIMITS = { messageBytes: MAX_REPLY_BYTES, blobs: 1 };

/** What a process printed is kept up to this many characters. */
const MAX_LAST_WORDS = 2000;

/** Time in which what a process has written is read after its end, in milliseconds; then its descriptors are closed. */
const GRACE_MS = 500;

type Ended = {
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  readonly lastWords: string;
};

export type Process = {
  readonly child: ChildProcess;
  readonly channel: Socket;
  readonly next: <Message>(judge: Judge<Message>) => Promise<Frame<Message> | undefined>;
  readonly ended: Promise<Ended>;
  isReady: boolean;
  /** The file that it has; sent once for inspection and transform. */
  file: WeakRef<Uint8Array> | undefined;
};

/** The decoder ended by itself, was killed by another than us, or said what it never says. */
export class Crash extends Error {
  /** By the kernel, most likely, for want of memory. */
  readonly isKilled: boolean;
  constructor(message: string, isKilled = false) {
    super(message);
    this.name = "Crash";
    this.isKilled = isKilled;
  }
}

const crashOf = ({ signal, exitCode, lastWords }: Ended): Crash =>
  new Crash(
    `The process ended with ${signal ?? `exit code ${exitCode}`}. ${lastWords}`,
    signal === "SIGKILL",
  );

const passedOn = (environment: ProcessOptions["environment"]): Record<string, string> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const socketsOf = ({ stdio }: ChildProcess): readonly Socket[] =>
  [...stdio].filter((stream) => stream instanceof Socket);

export const start = ({ entry, options, environment }: ProcessOptions): Process => {
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    env: { ...DEFAULTS, ...passedOn(environment) },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let lastWords = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      lastWords = `${lastWords}${chunk}`.slice(-MAX_LAST_WORDS);
    });
  }
  const given = child.stdio[CHANNEL];
  const channel = given instanceof Socket ? given : new Socket().destroy();
  // A process that is gone can't be written to; that it is gone is what `ended` tells.
  channel.on("error", () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.on("error", (error) => resolve({ signal: null, exitCode: null, lastWords: error.message }));
    child.on("close", (exitCode, signal) => resolve({ signal, exitCode, lastWords: lastWords.trim() }));
    // Another process may have inherited its descriptors, and keep them open.
    child.on("exit", () => {
      setTimeout(() => {
        for (const socket of socketsOf(child)) socket.destroy();
      }, GRACE_MS).unref();
    });
  });
  return {
    child,
    channel,
    ended,
    next: frameReader(channel, LIMITS),
    isReady: false,
    file: undefined,
  };
};

/** Why no frame comes any more. */
export const endOf = async ({ child, ended }: Process): Promise<Crash> => {
  // A process that has closed its channel has not ended by that.
  let isOurs = false;
  const timer = setTimeout(() => {
    isOurs = true;
    child.kill("SIGKILL");
  }, GRACE_MS);
  const how = await ended;
  clearTimeout(timer);
  return isOurs ? new Crash("It closed its channel.") : crashOf(how);
};

export const hasEnded = ({ child: { exitCode, signalCode } }: Process): boolean =>
  exitCode !== null || signalCode !== null;

/** While nothing is asked of it, the process keeps nothing alive. */
export const holdOpen = ({ child }: Process, isHeld: boolean): void => {
  for (const handle of [child, ...socketsOf(child)]) {
    if (isHeld) handle.ref();
    else handle.unref();
  }
};
