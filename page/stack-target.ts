import * as timers from "node:timers/promises";
import { connectToAws } from "../operator/aws.ts";
import { search } from "../operator/library/search.ts";
import { sayAside } from "../operator/output.ts";
import * as operator from "../operator/target.ts";
import { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";
import { assetView } from "./asset-view.ts";
import { recordedJourney } from "./journey.ts";
import { Journeys } from "./journeys.ts";
import type { PageTarget } from "./ports.ts";
import { readStackResources } from "./stack-resources.ts";

/** How often the library is asked for what is new while a page is open. Milliseconds. */
const LOOK_MS = 3_000;
/** Uploads so old still change while they are watched. Milliseconds. */
const WATCHED_MS = 15 * 60_000;

/** Keeps the journeys of the newest uploads, from the library's index by date, while somebody looks. */
const watchLibrary = async (
  target: Pick<operator.Target, "dynamodb" | "outputs">,
  journeys: Journeys,
  signal: AbortSignal,
  isSeen: () => boolean,
): Promise<void> => {
  let problem = "";
  const look = async (): Promise<void> => {
    const from = new Date(Date.now() - WATCHED_MS).toISOString();
    const { records } = await search(target, { from });
    for (const record of records.toReversed()) {
      const journey = recordedJourney(assetView(record));
      if (JSON.stringify(journeys.get(journey.id)) !== JSON.stringify(journey)) {
        journeys.put(journey);
      }
    }
  };
  while (!signal.aborted) {
    if (isSeen()) {
      // A throttle passes, and credentials are renewed: it looks again, and tells the same problem once.
      const found = await look().then(
        () => "",
        (error: unknown) => String(error),
      );
      if (found !== problem && found !== "") {
        sayAside(`The library can't be watched: ${found}`);
      }
      problem = found;
    }
    await timers.setTimeout(LOOK_MS, undefined, { signal }).catch(() => {});
  }
};

/**
 * A stack in AWS, with the person's own credentials; the page only looks unless it may write.
 *
 * @throws {OperatorError} when there is no such stack, or no Pulumi CLI to ask
 */
export const stackTarget = async (
  stack: string,
  mayWrite: boolean,
): Promise<PageTarget & { readonly close: () => void }> => {
  const operated = await operator.stackTarget(stack);
  const { region, outputs } = operated;
  const aws = connectToAws(region);
  const journeys = new Journeys();
  return {
    view: { kind: "stack", name: stack, region, isReadOnly: !mayWrite, outputs },
    pipeline: new DeployedPipeline(aws, outputs),
    operated,
    journeys,
    resources: () => readStackResources(stack),
    // CloudTrail knows, at a price for each data event; nobody is made to pay it for this.
    calls: async () => undefined,
    // Notices go to their owner's address.
    async *mails() {},
    watch: (signal, isSeen) => watchLibrary(operated, journeys, signal, isSeen),
    onUploaded: () => {},
    close: () => {
      aws.close();
      operated.close();
    },
  };
};
