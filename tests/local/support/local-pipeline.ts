import { afterAll, beforeAll, expect, vi } from "vitest";
import { type Pipeline, type PipelineOptions, startPipeline } from "../../../local/start/pipeline.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS, refusedRequests } from "./emulated-aws.ts";
import { gradient } from "./test-images.ts";

/** One pipeline for all tests of a file, its function warm, so that the tests' own waits are short. */
export const localPipeline = (
  options: Omit<PipelineOptions, "logFile"> = {},
): { readonly pipeline: Pipeline } => {
  vi.setConfig({ testTimeout: OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });
  let started: Pipeline | undefined;
  beforeAll(async () => {
    const testFile = expect.getState().testPath?.split(/[\\/]/).at(-1) ?? "unknown";
    started = await startPipeline({ ...options, logFile: logFileFor(testFile) });
    const warming = await started.upload(await gradient(20, 20).png().toBuffer(), "warm-up.png");
    await started.waitForRecord(warming, OUTCOME_TIMEOUT_MS);
  });
  afterAll(async () => {
    await started?.close();
    expect(await refusedRequests(started?.emulator.logFile)).toEqual([]);
  });
  return {
    get pipeline() {
      if (started === undefined) {
        throw new Error("The pipeline is not started before the tests run.");
      }
      return started;
    },
  };
};
