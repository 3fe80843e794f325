import { execFile } from "node:child_process";
import { access, constants, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

/** A Pulumi CLI that runs here. */
export type Cli = {
  readonly bin: string;
  readonly version: string;
  /** Whether `pulumi-language-nodejs` came with it, as it does with every CLI but one built from the Go modules. */
  readonly bringsLanguageHost: boolean;
};

const repository = join(import.meta.dirname, "..");

/** The package that `npx pulumi` runs, and whose version is the lowest that the tests accept. */
export const npmPackage = join(repository, "node_modules/pulumi");

/** The pinned version of the CLI, without a leading "v". */
export async function pinnedVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(npmPackage, "package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(manifest).version;
}

const windows = process.platform === "win32";

/** The name of an executable's file. */
const executable = (name: string): string => (windows ? `${name}.exe` : name);

/** Where a version of the CLI is in a home directory of Pulumi's (node_modules/pulumi/lib/cache.js and resolve.js). */
const binIn = (home: string, version: string): string =>
  join(home, "versions", version, "bin", executable("pulumi"));

/** Where the npm package `pulumi` keeps a version of the CLI. */
export function npmPackageBin(environment: NodeJS.ProcessEnv, version: string): string {
  return binIn(environment["PULUMI_HOME"] || join(homedir(), ".pulumi"), version);
}

/**
 * Where a CLI built from the Go modules is kept: laid out as the npm package lays out its own, so that `PULUMI_HOME`
 * set to `home` makes `npx pulumi` run it; but not in the user's own `~/.pulumi`, where that package would take it for
 * a whole installation and every later `npx pulumi up` would miss its language hosts.
 */
export function builtCli(environment: NodeJS.ProcessEnv, version: string): { home: string; bin: string } {
  const cache = environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const home = join(cache, "image-pipeline", "pulumi");
  return { home, bin: binIn(home, version) };
}

/** Windows calls it Path, and finds it by any case only in `process.env` itself, not in a copy. */
const searchPath = (environment: NodeJS.ProcessEnv): string =>
  Object.entries(environment).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";

/** The first `pulumi` on PATH that is a CLI itself, not the npm package that would go and download one. */
export async function pulumiOnPath(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of searchPath(environment).split(delimiter)) {
    const bin = join(directory, executable("pulumi"));
    if (directory === "" || !(await isExecutable(bin))) continue;
    if (!(await realpath(bin)).includes(join("node_modules", "pulumi"))) return bin;
  }
  return undefined;
}

/** The CLI at `bin`, or undefined where there is none that answers within ten seconds and is new enough. */
export async function cliAt(bin: string, atLeast: string): Promise<Cli | undefined> {
  if (!(await isExecutable(bin))) return undefined;
  const answer = await promisify(execFile)(bin, ["version"], {
    timeout: 10_000,
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  }).catch(() => undefined);
  const version = /^v(\d+\.\d+\.\d+)/.exec(answer?.stdout ?? "")?.[1];
  if (version === undefined || isOlder(version, atLeast)) return undefined;
  const languageHost = join(dirname(await realpath(bin)), executable("pulumi-language-nodejs"));
  return { bin, version, bringsLanguageHost: await isExecutable(languageHost) };
}

function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split(".").map(Number));
  const index = left?.findIndex((part, at) => part !== right?.[at]) ?? -1;
  return index >= 0 && Number(left?.[index]) < Number(right?.[index]);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The CLI to run a command of the user's with: their own when it is new enough, else the one that the npm package has
 * downloaded; undefined where it has not yet. Not through that package, which Ctrl-C would end before the CLI.
 */
export async function chooseCli(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const version = await pinnedVersion();
  for (const bin of [await pulumiOnPath(environment), npmPackageBin(environment, version)]) {
    if (bin !== undefined && (await cliAt(bin, version)) !== undefined) return bin;
  }
  return undefined;
}
