import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fingerprint } from "../../handler/core/fingerprint.ts";
import { OperatorError } from "../errors.ts";
import type { RunState } from "./reprocess.ts";

const position = z.object({ ImageKey: z.string(), sort: z.union([z.string(), z.number()]) });

const runState = z.object({
  run: z.iso.datetime(),
  sent: z.int().min(0),
  positions: z.record(z.string(), position),
});

/** Where a run of `npm run reprocess` is kept while it goes on, one for each table and selection. */
export const runFile = (tableName: string, selection: object): string =>
  join(
    import.meta.dirname,
    "..",
    "..",
    ".cache",
    "operator",
    `reprocess-${tableName}-${fingerprint(JSON.stringify(Object.entries(selection).sort()))}.json`,
  );

/** @throws {OperatorError} when no such run was stopped */
export const readRun = (file: string): RunState => {
  try {
    return runState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new OperatorError(
      "There is no stopped run with this selection to resume: leave --resume out, or give the very options of that run.",
      { cause },
    );
  }
};

export const writeRun = (file: string, state: RunState): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state));
};

export const forgetRun = (file: string): void => rmSync(file, { force: true });
