import { afterAll, beforeAll } from "vitest";
import { uploadFollower } from "../../../local/start/follow-uploads.ts";
import { localTarget } from "../../../local/start/page-target.ts";
import type { Pipeline, PipelineOptions } from "../../../local/start/pipeline.ts";
import { Journeys } from "../../../page/journeys.ts";
import { type Page, servePage } from "../../../page/server.ts";
import { localPipeline } from "../../local/support/local-pipeline.ts";

export type ServedPage = {
  readonly pipeline: Pipeline;
  /** With the pass that is unspent now. */
  readonly address: string;
  /** The addresses that were told when a browser was let in. */
  readonly entries: readonly string[];
  /** What the server itself got wrong. */
  readonly faults: readonly unknown[];
};

/** The page of a pipeline on the emulator, for all tests of a file. */
export const servedPage = (options: Omit<PipelineOptions, "logFile"> = {}): ServedPage => {
  const local = localPipeline(options);
  const stopping = new AbortController();
  const faults: unknown[] = [];
  const entries: string[] = [];
  let page: Page | undefined;
  let following: Promise<void> | undefined;
  beforeAll(async () => {
    const journeys = new Journeys();
    const follower = uploadFollower(local.pipeline, journeys, stopping.signal);
    page = await servePage({
      target: localTarget(local.pipeline, journeys, follower.follow),
      onEntry: (address) => entries.push(address),
      onFault: (error) => faults.push(error),
    });
    following = follower.followAll().catch(() => {});
  });
  afterAll(async () => {
    stopping.abort();
    await page?.close();
    await following;
  });
  return {
    faults,
    entries,
    get pipeline() {
      return local.pipeline;
    },
    get address() {
      return page?.address ?? "";
    },
  };
};
