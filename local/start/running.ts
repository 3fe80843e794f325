import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Running, type RunningPipeline, readRunning, STATE_FILE } from "../../operator/running.ts";
import { LocalError } from "../errors.ts";

/** The file holds the emulator's credentials once the pipeline is ready: it is this user's alone. */
const PRIVATE = 0o600;

/**
 * Says that this process is the one that runs the pipeline.
 *
 * @throws {LocalError} when another is.
 */
export const claim = (file = STATE_FILE): void => {
  const mine: Running = { pid: process.pid, startedAt: new Date().toISOString() };
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: "wx", mode: PRIVATE });
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
        throw error;
      }
    }
    const other = readRunning(file);
    if (other !== undefined) {
      throw new LocalError(
        `The pipeline runs already, since ${other.startedAt}, as process ${other.pid}. ` +
          "Upload with `npm run upload -- FILE`, or stop it with Ctrl-C in its window first.",
      );
    }
    // Left behind by a process that was killed.
    rmSync(file, { force: true });
  }
};

/** Tells other commands of this user where the pipeline is, in the file that was claimed. */
export const publish = (pipeline: RunningPipeline, file = STATE_FILE): void => {
  const mine: Running = { pid: process.pid, startedAt: new Date().toISOString(), pipeline };
  writeFileSync(file, JSON.stringify(mine, undefined, 2), { mode: PRIVATE });
};

export const release = (file = STATE_FILE): void => rmSync(file, { force: true });

/** @throws {LocalError} when none runs, or it is not ready yet. */
export const findRunning = (file = STATE_FILE): RunningPipeline => {
  const found = readRunning(file);
  if (found === undefined) {
    throw new LocalError(
      "No pipeline runs here: start one with `npm start`, and run this again in another window.",
    );
  }
  if (found.pipeline === undefined) {
    throw new LocalError("The pipeline is still starting: run this again when `npm start` says it is ready.");
  }
  return found.pipeline;
};
