import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";

/** Fetching one module shows within this time whether modules are to be had at all. Milliseconds. */
const PROBE_MS = 60_000;

/** The largest takes 4 to 6 minutes on 2 cores with cold caches; a busy machine takes several times as long. */
const BUILD_MS = 40 * 60_000;

export type GoProgram = {
  /** The directory whose go.mod pins the module, and whose go.sum pins all that it is built from. */
  readonly directory: string;
  readonly module: string;
  /** The program's path in the module, such as `cmd/pulumi`. */
  readonly path: string;
  /** String variables of the program that are set when it is linked, by their full names. */
  readonly variables?: Readonly<Record<string, string>>;
};

/**
 * Builds a Go program and puts it at `bin` in one step, so that nobody ever sees half of it.
 * @returns what stood in the way, or undefined when the program is there
 */
export async function buildGoProgram(
  bin: string,
  { directory, module, path, variables = {} }: GoProgram,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const go = (args: readonly string[], timeout: number) =>
    promisify(execFile)("go", args, {
      cwd: directory,
      env: environment,
      timeout,
      maxBuffer: 64 * 1024 * 1024,
    });
  if (!(await succeeds(go(["version"], 10_000)))) return "there is no Go to build it with";
  if (!(await succeeds(go(["mod", "download", module], PROBE_MS)))) return "its Go modules are not to be had";
  await mkdir(dirname(bin), { recursive: true });
  const unfinished = `${bin}.${process.pid}`;
  const flags = ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)];
  try {
    await go(
      [
        "build",
        "-trimpath",
        "-buildvcs=false",
        "-ldflags",
        flags.join(" "),
        "-o",
        unfinished,
        `${module}/${path}`,
      ],
      BUILD_MS,
    );
    await rename(unfinished, bin);
    return undefined;
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error)
      .split("\n")
      .slice(1);
    return `its build from Go modules failed: ${line ?? "no reason was given"}`;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
