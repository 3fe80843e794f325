/** What benchmarks measured, kept for `npm run bench -- report` in `.cache/bench/results`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import * as z from "zod";

export const CACHE = join(import.meta.dirname, "..", "..", "..", ".cache", "bench");

const machine = z.object({
  at: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryGib: z.number(),
  system: z.string(),
  versions: z.record(z.string(), z.string()),
});

export type Machine = z.output<typeof machine>;

/** @param versions of tools beside Node, sharp and its libraries */
export const thisMachine = (versions: Readonly<Record<string, string>> = {}): Machine => {
  const { vips = "?", webp = "?", mozjpeg = "?" } = sharp.versions;
  return {
    at: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? "?",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${process.arch}`,
    versions: {
      Node: process.versions.node,
      sharp: sharp.versions.sharp,
      libvips: vips,
      libwebp: webp,
      mozjpeg,
      ...versions,
    },
  };
};

const FOLDER = join(CACHE, "results");

const fileOf = (bench: string): string => join(FOLDER, `${bench}.json`);

export const saveResult = (bench: string, result: object, on: Machine): void => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(bench), `${JSON.stringify({ machine: on, ...result }, null, 2)}\n`);
};

/** @throws Error that says how to measure, when there is no result */
export const readResult = <Shape extends z.ZodRawShape>(bench: string, shape: Shape) => {
  let text: string;
  try {
    text = readFileSync(fileOf(bench), "utf8");
  } catch {
    throw new Error(`Nothing is measured yet: run npm run bench -- ${bench} first.`);
  }
  return z.object({ ...shape, machine }).parse(JSON.parse(text));
};
