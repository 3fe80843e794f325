import { dirname, join } from "node:path";
import {
  builtCli,
  type Cli,
  cliAt,
  npmPackageBin,
  pinnedVersion,
  pulumiOnPath,
} from "../../../operator/pulumi-cli.ts";
import { buildGoProgram } from "../../support/go-program.ts";
import { withLock } from "../../support/lock.ts";
import { downloadCli } from "./cli/download.ts";

export type { Cli } from "../../../operator/pulumi-cli.ts";

/** The CLI's Go module; of its version it says what it is told when it is linked. */
const program = (version: string) => ({
  directory: join(import.meta.dirname, "cli"),
  module: "github.com/pulumi/pulumi/pkg/v3",
  path: "cmd/pulumi",
  variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${version}` },
});

/** Either a CLI or one sentence on why there is none. */
export type CliSearch = { readonly cli: Cli } | { readonly cli: undefined; readonly reason: string };

/**
 * Finds the Pulumi CLI, of the version that package.json pins or newer on PATH: one on PATH, one that `npx pulumi`
 * has installed, one that was built before, one to download, one to build from Go modules (minutes, once).
 * Processes that look at the same time share one download or build.
 */
export async function findCli(environment: NodeJS.ProcessEnv = process.env): Promise<CliSearch> {
  const version = await pinnedVersion();
  const built = builtCli(environment, version);
  const present = async (): Promise<Cli | undefined> => {
    const onPath = await pulumiOnPath(environment);
    for (const bin of [onPath, npmPackageBin(environment, version), built.bin]) {
      const cli = bin === undefined ? undefined : await cliAt(bin, version);
      if (cli !== undefined) return cli;
    }
    return undefined;
  };
  const found = await present();
  if (found !== undefined) return { cli: found };
  return withLock(join(dirname(dirname(built.bin)), "lock"), async () => {
    const obstacles: string[] = [];
    for (const obtain of [
      () => downloadCli(environment),
      () => buildGoProgram(built.bin, program(version), environment),
    ]) {
      const cli = await present();
      if (cli !== undefined) return { cli };
      const obstacle = await obtain();
      if (obstacle !== undefined) obstacles.push(obstacle);
    }
    const cli = await present();
    if (cli !== undefined) return { cli };
    return {
      cli: undefined,
      reason: `No Pulumi CLI ${version} or newer: ${obstacles.join("; ")}. Install one as https://www.pulumi.com/docs/install/ says.`,
    };
  });
}
