import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { OperatorError } from "../errors.ts";
import type { Estimate } from "../reprocess/estimate.ts";
import type { Target } from "../target.ts";
import { countText, spanText } from "../text.ts";
import { queueDepth } from "./queues.ts";

/** How long messages would stand in the ingest queue. */
export type Backlog = {
  /** Concurrent runs that the queue may start. */
  readonly concurrency: number;
  /** Seconds until the last of them is worked on. */
  readonly seconds: number;
  /** Seconds that SQS keeps a message. */
  readonly retentionSeconds: number;
};

/** What Lambda takes when a mapping names no maximum. */
const MOST_RUNS = 1250;

const concurrencyOf = async ({ lambda, outputs }: Target): Promise<number> => {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: outputs.functionName }),
  );
  return EventSourceMappings[0]?.ScalingConfig?.MaximumConcurrency ?? MOST_RUNS;
};

/** How long the queue is busy with so many originals, with what waits there already. */
export const backlogOf = async (target: Target, estimate: Estimate): Promise<Backlog> => {
  const concurrency = await concurrencyOf(target);
  const { waiting, retentionSeconds } = await queueDepth(target, target.outputs.queueUrl);
  const each = estimate.originals === 0 ? 0 : estimate.functionSeconds / estimate.originals;
  const seconds = (estimate.functionSeconds + waiting * each) / concurrency;
  return { concurrency, seconds, retentionSeconds };
};

/** @throws {OperatorError} when SQS would throw messages away before they are worked on */
export const refuseLoss = (
  { concurrency, seconds, retentionSeconds }: Backlog,
  { originals }: Pick<Estimate, "originals">,
): void => {
  if (seconds > retentionSeconds) {
    throw new OperatorError(
      `${countText(originals)} originals take ${spanText(seconds)} at ${concurrency} concurrent runs, but the ingest ` +
        `queue keeps a message for ${spanText(retentionSeconds)} only: raise maximumConcurrency or messageRetentionDays, or take ` +
        "one --prefix after the other.",
    );
  }
};
