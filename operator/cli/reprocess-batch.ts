import { sizeText } from "../../handler/core/byte-size.ts";
import { MAX_ARGUMENT_LENGTH } from "../../handler/core/reprocess/request.ts";
import type { Selection } from "../../handler/core/reprocess/selection.ts";
import { OperatorError } from "../errors.ts";
import { say, sayJson } from "../output.ts";
import { type Backlog, backlogOf, refuseLoss } from "../queue/backlog.ts";
import { type BatchEstimate, estimateBatch } from "../reprocess/batch-estimate.ts";
import { createReprocessJob, type JobState, readJob } from "../reprocess/batch-job.ts";
import type { Target } from "../target.ts";
import { countText, spanText } from "../text.ts";

export type BatchOptions = {
  readonly notify: boolean;
  readonly isDry: boolean;
  readonly json: boolean;
  /** Asks whoever runs the command. */
  readonly confirmed: () => Promise<boolean>;
};

const money = (dollars: number): string => `$${dollars.toFixed(2)}`;

export const batchEstimateLines = (
  { list, tasks, atMost, jobDollars }: BatchEstimate,
  { concurrency, seconds, retentionSeconds }: Backlog,
): readonly string[] => [
  `S3's list of ${list.madeAt.toISOString()} has ${countText(tasks)} objects: S3 Batch Operations asks a function about each, ${money(jobDollars)}.`,
  `At most ${countText(atMost.originals)} originals of ${sizeText(atMost.bytes)} are processed once more, ${countText(atMost.renditions)} renditions, ` +
    `${spanText(atMost.functionSeconds)} of the function, about ${money(atMost.dollars)} at us-east-1 list prices.`,
  `All of them take ${spanText(seconds)} at ${concurrency} concurrent runs; uploads that come meanwhile wait behind them.`,
  ...(seconds > retentionSeconds
    ? [
        `If they are so many: the ingest queue keeps a message for ${spanText(retentionSeconds)} only, then it is lost.`,
      ]
    : []),
];

/** Whether a list tells all that is selected; else the number of originals is one that records may lower. */
const isToldByList = (selection: Selection): boolean =>
  Object.keys(selection).every((name) => name === "prefix");

/** Hands a selection over to S3 Batch Operations: says count and cost, asks, and starts the job. */
export const reprocessByBatch = async (
  target: Target,
  selection: Selection,
  { notify, isDry, json, confirmed }: BatchOptions,
  now = new Date(),
): Promise<number> => {
  if ((selection.prefix?.length ?? 0) > MAX_ARGUMENT_LENGTH) {
    throw new OperatorError("S3 Batch Operations takes a prefix of at most 1,024 characters.");
  }
  const estimate = await estimateBatch(target, selection, notify);
  const backlog = await backlogOf(target, estimate.atMost);
  if (isToldByList(selection)) refuseLoss(backlog, estimate.atMost);
  if (!json) say(...batchEstimateLines(estimate, backlog));
  const isWanted = !isDry && estimate.atMost.originals > 0 && (await confirmed());
  const jobId = isWanted
    ? await createReprocessJob(target, estimate.list, { run: now, selection, notify })
    : undefined;
  if (json) {
    const { list, ...counts } = estimate;
    const { bucket, madeAt, manifest } = list;
    sayJson({ list: { bucket, madeAt, manifest }, ...counts, backlog, jobId });
  } else if (jobId !== undefined) {
    say(
      `S3 Batch Operations has the job ${jobId}. Follow it with the same --stack and \`--job ${jobId}\`, or in S3's console; what it asks for, with \`npm run status\`.`,
    );
  }
  return 0;
};

const jobLines = (
  jobId: string,
  { status, tasks, succeeded, failed, reasons }: JobState,
): readonly string[] => [
  `The job ${jobId} is ${status}: ${countText(succeeded)} of ${countText(tasks)} objects are done, ${countText(failed)} failed.`,
  ...reasons,
  ...(failed > 0
    ? ["The function's log says which and why; the same reprocess once more takes them up."]
    : []),
];

/** Tells how far a job is. */
export const showJob = async (target: Target, jobId: string, json: boolean): Promise<number> => {
  const state = await readJob(target, jobId);
  if (json) sayJson(state);
  else say(...jobLines(jobId, state));
  return state.status === "Failed" || state.failed > 0 ? 1 : 0;
};
