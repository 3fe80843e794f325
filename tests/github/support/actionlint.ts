import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { buildGoProgram } from "../../support/go-program.ts";
import { withLock } from "../../support/lock.ts";

/** Of the module in actionlint/go.mod. */
export const VERSION = "1.7.12";

const PROGRAM = {
  directory: join(import.meta.dirname, "actionlint"),
  module: "github.com/rhysd/actionlint",
  path: "cmd/actionlint",
} as const;

/** Either actionlint or one sentence on why there is none. */
export type Actionlint = { readonly bin: string } | { readonly bin: undefined; readonly reason: string };

/** The linter of GitHub's workflows: on PATH, or built from its Go module, once (half a minute). */
export async function findActionlint(environment: NodeJS.ProcessEnv = process.env): Promise<Actionlint> {
  const name = process.platform === "win32" ? "actionlint.exe" : "actionlint";
  const cache = environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const built = join(cache, "image-pipeline", "actionlint", VERSION, name);
  const present = async (): Promise<string | undefined> => {
    const onPath = (environment["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
    for (const bin of [...onPath.map((directory) => join(directory, name)), built]) {
      if (await isExecutable(bin)) return bin;
    }
    return undefined;
  };
  const found = await present();
  if (found !== undefined) return { bin: found };
  return withLock(`${built}.lock`, async () => {
    const obstacle =
      (await present()) === undefined ? await buildGoProgram(built, PROGRAM, environment) : undefined;
    return obstacle === undefined
      ? { bin: built }
      : { bin: undefined, reason: `No actionlint: ${obstacle}. Install one as its README says.` };
  });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
