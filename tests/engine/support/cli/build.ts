import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The module whose `cmd/pulumi` is the CLI; go.mod beside this file pins it, go.sum all that it is built from. */
const MODULE = "github.com/pulumi/pulumi/pkg/v3";

/** Fetching one module shows within this time whether modules are to be had at all. */
const PROBE_MS = 60_000;

/** A build takes 4 to 6 minutes on 2 cores with cold caches, 10 seconds with warm ones; a busy machine takes longer. */
const BUILD_MS = 40 * 60_000;

/**
 * Builds the CLI from its Go modules and puts it at `bin` in one step, so that nobody ever sees half of it.
 * @param version the version that the CLI will say it has, which is the module's
 * @returns what stood in the way, or undefined when the CLI is there
 */
export async function buildCli(bin: string, version: string): Promise<string | undefined> {
  const go = (args: readonly string[], timeout: number) =>
    run("go", args, { cwd: import.meta.dirname, timeout, maxBuffer: 64 * 1024 * 1024 });
  if (!(await succeeds(go(["version"], 10_000)))) return "there is no Go to build it with";
  if (!(await succeeds(go(["mod", "download", MODULE], PROBE_MS)))) return "its Go modules are not to be had";
  await mkdir(dirname(bin), { recursive: true });
  const unfinished = `${bin}.${process.pid}`;
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  try {
    await go(
      ["build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", unfinished, `${MODULE}/cmd/pulumi`],
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
