import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { connect } from "../../../local/emulator/aws.ts";
import { type Emulator, startEmulator } from "../../../local/emulator/emulator.ts";
import type { Aws } from "../../../operator/aws.ts";

export const REGION = "eu-central-1";
/** The emulator's account. */
export const ACCOUNT = "000000000000";

/** How long anything may take, in milliseconds, on a machine that runs other tests as well. */
export const OUTCOME_TIMEOUT_MS = 120_000;

export const logFileFor = (testFile: string): string =>
  join(import.meta.dirname, "..", "..", "..", ".cache", "test-logs", `${testFile}.log`);

/** The emulator's root user in the variables that AWS's tools read. */
export const credentialVariables = ({ credentials }: Pick<Emulator, "credentials">) => ({
  AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? "",
  AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? "",
});

/** What an emulator refused since AWS would, in its own words; a function may have gone on without it. */
export const refusedRequests = async (logFile: string | undefined): Promise<readonly string[]> =>
  logFile === undefined ? [] : ((await readFile(logFile, "utf8")).match(/^request refused: .*$/gm) ?? []);

/** One emulator for all tests of a file, whose requests AWS would take. */
export const emulatedAws = ({ refuses = false } = {}): { readonly aws: Aws; readonly emulator: Emulator } => {
  vi.setConfig({ testTimeout: OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });
  let emulator: Emulator | undefined;
  let aws: Aws | undefined;
  beforeAll(async () => {
    const testFile = expect.getState().testPath?.split(/[\\/]/).at(-1) ?? "unknown";
    emulator = await startEmulator({ logFile: logFileFor(testFile) });
    aws = connect(emulator, REGION);
  });
  afterAll(async () => {
    aws?.close();
    await emulator?.stop();
    expect(refuses ? [] : await refusedRequests(emulator?.logFile)).toEqual([]);
  });
  const started = <Value>(value: Value | undefined): Value => {
    if (value === undefined) {
      throw new Error("The emulator is not started before the tests run.");
    }
    return value;
  };
  return {
    get aws() {
      return started(aws);
    },
    get emulator() {
      return started(emulator);
    },
  };
};
