import type { Selection } from "../../handler/core/reprocess/selection.ts";
import { searchAll } from "../library/search.ts";
import type { Target } from "../target.ts";
import { type InventoryList, latestList, listedObjects } from "../verify/inventory-list.ts";
import { type Estimate, jobDollars, NOTHING, type Part, withPart } from "./estimate.ts";
import { functionSettings } from "./function-settings.ts";

/** What a job of S3 Batch Operations would ask for. */
export type BatchEstimate = {
  readonly list: InventoryList;
  /** Objects of the list: S3 asks the function about each. */
  readonly tasks: number;
  /** What is processed once more at most: a list tells a prefix, the records tell the rest while the job runs. */
  readonly atMost: Estimate;
  /** Of S3 Batch Operations and the function that it invokes, at the list prices of us-east-1. */
  readonly jobDollars: number;
};

/** Records whose renditions and durations stand for those of all. */
const SAMPLE = 200;

const typicalPart = async (
  target: Target,
  { specsChanged, missing, ...criteria }: Selection,
): Promise<Omit<Part, "sizeBytes">> => {
  const durations: number[] = [];
  const renditions: number[] = [];
  for await (const { record } of searchAll(target, missing === true ? {} : criteria)) {
    if (record.State !== "PROCESSED") continue;
    if (record.DurationMs !== undefined) durations.push(record.DurationMs);
    renditions.push(record.Renditions?.length ?? 0);
    if (renditions.length === SAMPLE) break;
  }
  const mean = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { durationMs: mean(durations), renditions: mean(renditions) };
};

/**
 * Counts S3's newest list of the source bucket, and what a job over it would cost. It changes nothing.
 *
 * @throws {OperatorError} when there is no list
 */
export const estimateBatch = async (
  target: Target,
  selection: Selection,
  notify: boolean,
): Promise<BatchEstimate> => {
  const settings = await functionSettings(target);
  const list = await latestList(target, target.outputs.sourceBucket);
  const typical = await typicalPart(target, selection);
  let tasks = 0;
  let atMost = NOTHING;
  for await (const { key, item } of listedObjects(target, list, "")) {
    tasks += 1;
    const isFolder = item.sizeBytes === 0 && key.endsWith("/");
    if (isFolder || !key.startsWith(selection.prefix ?? "")) continue;
    atMost = withPart(atMost, { ...typical, sizeBytes: item.sizeBytes }, settings, notify);
  }
  return {
    list,
    tasks,
    atMost: { ...atMost, renditions: Math.round(atMost.renditions) },
    jobDollars: jobDollars(tasks, settings),
  };
};
