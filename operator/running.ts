import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { programOutputs } from "./outputs.ts";

/** The root user's of an emulator that was started here, made for that run alone. */
const runCredentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });
export type RunCredentials = Readonly<z.output<typeof runCredentials>>;

/** What `npm start` says of the pipeline that it runs, for other commands to find it. */
const running = z.object({
  pid: z.int().positive(),
  startedAt: z.iso.datetime(),
  /** Missing while it starts. */
  pipeline: z
    .object({
      endpoint: z.url(),
      authorityFile: z.string().optional(),
      logFile: z.string().optional(),
      /** None where the endpoint is the user's own. */
      credentials: runCredentials.optional(),
      region: z.string(),
      outputs: programOutputs,
    })
    .optional(),
});
export type Running = z.output<typeof running>;
export type RunningPipeline = NonNullable<Running["pipeline"]>;

/** One for each checkout. */
export const STATE_FILE = join(import.meta.dirname, "..", ".cache", "local", "running.json");

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** The pipeline that runs here, ready or still starting; `undefined` when none does, whatever a killed one left behind. */
export const readRunning = (file = STATE_FILE): Running | undefined => {
  try {
    const found = running.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
    return found !== undefined && isAlive(found.pid) ? found : undefined;
  } catch {
    return undefined;
  }
};
