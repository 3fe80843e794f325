import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../local/emulator/aws.ts";
import { startEmulator } from "../../../local/emulator/emulator.ts";
import type { Aws } from "../../../operator/aws.ts";
import { credentialVariables, refusedRequests } from "../../local/support/emulated-aws.ts";
import { findCli } from "./cli.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** The region that the stacks of the tests are deployed to. */
export const REGION = "eu-central-1";

/** A command takes seconds, a scenario some of them; a busy machine takes several times as long. */
const SCENARIO_MS = 10 * 60_000;

export type Engine = {
  /** A copy of the program, or of another one, with a backend of its own; gone when the tests are. */
  workspace(program?: string): Promise<Workspace>;
  /** Clients of the emulator that the programs are deployed to. */
  aws(): Aws;
};

const search =
  process.platform === "win32"
    ? { cli: undefined, reason: "The provider here is a script, which Pulumi on Windows does not start." }
    : await findCli();
if (search.cli === undefined) {
  if (process.env["CI"] === "true") throw new Error(search.reason);
  console.warn(`Skipped: ${search.reason}`);
}

/**
 * Tests that run the real Pulumi CLI, deploying to an emulator of their own. Where there is no CLI they are skipped,
 * and their title says why; under CI=true they fail.
 */
export function describeEngine(name: string, body: (engine: Engine) => void): void {
  if (search.cli === undefined) {
    describe.skipIf(true)(name, () => it(search.reason, () => {}));
    return;
  }
  const { cli } = search;
  describe(name, { timeout: SCENARIO_MS }, () => {
    const cleanUp: (() => unknown)[] = [];
    let environment: Readonly<Record<string, string>>;
    let aws: Aws;
    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), "engine-"));
      cleanUp.push(() => rm(folder, { recursive: true, force: true }));
      const logFile = join(folder, "emulator.log");
      const { endpoint, authorityFile, ...emulator } = await startEmulator({ logFile });
      cleanUp.push(async () => expect(await refusedRequests(logFile)).toEqual([]));
      cleanUp.push(emulator.stop);
      environment = {
        AWS_ENDPOINT_URL: endpoint,
        AWS_CA_BUNDLE: authorityFile ?? "",
        AWS_REGION: REGION,
        ...credentialVariables(emulator),
      };
      aws = connect({ ...emulator, endpoint, authorityFile }, REGION);
      cleanUp.push(aws.close);
    }, SCENARIO_MS);
    afterAll(async () => {
      for (const step of cleanUp.reverse()) await step();
    }, SCENARIO_MS);
    body({
      async workspace(program) {
        const workspace = await createWorkspace({
          cli,
          environment,
          ...(program !== undefined && { program }),
        });
        cleanUp.push(workspace.dispose);
        return workspace;
      },
      aws: () => aws,
    });
  });
}
