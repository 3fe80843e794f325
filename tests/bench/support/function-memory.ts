/** Memory of the function's processes over time, on Linux; elsewhere nothing is told of it. */
import { readdirSync, readFileSync } from "node:fs";
import { median, slope } from "./statistics.ts";

/** What the function's processes hold together at one time. */
export type MemorySample = {
  /** Since the first sample. */
  readonly seconds: number;
  readonly bytes: number;
  readonly processes: number;
};

const SAMPLE_MS = 1_000;

/**
 * Samples before this part of the time are left out. V8 lets its young generation grow, and glibc its arenas, for some
 * hundred uploads in each process, until they hold what a batch takes; what lives after a collection does not grow.
 */
const WARM_UP = 0.4;

/** What each thread of a process has started. */
const childrenOf = (pid: string): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
        .split(" ")
        .filter((child) => child !== ""),
    );
  } catch {
    // It has ended.
    return [];
  }
};

const below = (pid: string): readonly string[] =>
  childrenOf(pid).flatMap((child) => [child, ...below(child)]);

const residentBytes = (pid: string): number => {
  try {
    const [, kilobytes = "0"] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
};

export type MemorySampling = {
  /** All so far. */
  readonly samples: readonly MemorySample[];
  readonly end: () => void;
};

/**
 * Samples, once a second, what lives below the children of this process: the emulator is such a child, and the processes
 * of its functions are below it.
 */
export const sampleFunctionMemory = (): MemorySampling => {
  const samples: MemorySample[] = [];
  if (process.platform !== "linux") return { samples, end: () => undefined };
  const begin = performance.now();
  const sample = (): void => {
    const pids = childrenOf(String(process.pid)).flatMap(below);
    const bytes = pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
    const seconds = (performance.now() - begin) / 1000;
    samples.push({ seconds, bytes, processes: pids.length });
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return { samples, end: () => clearInterval(timer) };
};

export type MemoryCourse = {
  readonly processes: number;
  readonly firstThirdBytes: number;
  readonly lastThirdBytes: number;
  readonly mostBytes: number;
  /** Of the straight line through all samples, by least squares. */
  readonly bytesPerSecond: number;
};

/** What the samples tell, the warm-up left out; `undefined` of too few of them. */
export const courseOf = (samples: readonly MemorySample[]): MemoryCourse | undefined => {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP));
  const third = Math.floor(warm.length / 3);
  if (third === 0) return undefined;
  const bytesOf = (part: readonly MemorySample[]): number => median(part.map(({ bytes }) => bytes));
  return {
    processes: Math.max(...warm.map(({ processes }) => processes)),
    firstThirdBytes: bytesOf(warm.slice(0, third)),
    lastThirdBytes: bytesOf(warm.slice(-third)),
    mostBytes: Math.max(...samples.map(({ bytes }) => bytes)),
    bytesPerSecond: slope(warm.map(({ seconds, bytes }) => [seconds, bytes])),
  };
};
