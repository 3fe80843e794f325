import { PipelineError } from "../core/errors.ts";
import { isFolder, type Upload } from "../core/events/s3-event.ts";
import { reprocessSequencer } from "../core/events/sequencer.ts";
import type { AssetRecord } from "../core/record/record.ts";
import { recordedUpload } from "../core/record/record-owner.ts";
import { reprocessMessage } from "../core/reprocess/message.ts";
import type { ReprocessRequest } from "../core/reprocess/request.ts";
import {
  type BatchAnswer,
  type BatchResult,
  type BatchTask,
  batchAnswer,
  parseBatchInvocation,
} from "../core/reprocess/s3-batch-task.ts";
import { isLive, isToReprocess, matches } from "../core/reprocess/selection.ts";
import type { ReprocessorSettings } from "../core/settings/reprocessor-settings.ts";
import { isWatermark } from "../core/spec/rendition-spec.ts";
import type { ReprocessorPorts } from "../ports/reprocess.ts";

export type Reprocessor = {
  readonly ports: ReprocessorPorts;
  readonly settings: Pick<ReprocessorSettings, "sourceBucket" | "renditions">;
};

/** An original to process once more, or why it is not one. */
type Choice = { readonly upload: Omit<Upload, "sequencer"> } | { readonly skipped: string };

const choose = async (
  { ports, settings }: Reprocessor,
  { key }: BatchTask,
  record: AssetRecord | undefined,
  { selection }: ReprocessRequest,
): Promise<Choice> => {
  if (selection.missing === true) {
    if (isLive(record)) return { skipped: "the library has it" };
    const current = await ports.source.current(settings.sourceBucket, key);
    if (current === undefined) return { skipped: "it is not there any more" };
    return isFolder(current) ? { skipped: "it marks a folder" } : { upload: current };
  }
  if (record === undefined) return { skipped: "the library does not have it" };
  return matches(selection, record) && isToReprocess(record, selection, settings.renditions)
    ? { upload: recordedUpload(record) }
    : { skipped: "its record does not match" };
};

/** What can be told without a look. */
const skippedByKey = (
  { settings }: Reprocessor,
  { key }: BatchTask,
  { selection: { prefix = "" } }: ReprocessRequest,
): string | undefined => {
  if (!key.startsWith(prefix)) return "its key begins otherwise";
  return isWatermark(settings.renditions, key) ? "it is a watermark" : undefined;
};

/** Asks for one original to be processed once more, by a message in the ingest queue; says what it did. */
const requestReprocess = async (
  reprocessor: Reprocessor,
  task: BatchTask,
  request: ReprocessRequest,
): Promise<string> => {
  const skipped = skippedByKey(reprocessor, task, request);
  if (skipped !== undefined) return `skipped: ${skipped}`;
  const { records, queue } = reprocessor.ports;
  const record = await records.find(task.key);
  const choice = await choose(reprocessor, task, record, request);
  if ("skipped" in choice) return `skipped: ${choice.skipped}`;
  await queue.send(
    reprocessMessage({
      ...choice.upload,
      sequencer: reprocessSequencer(record?.Sequencer, request.run),
      ...(request.notify ? {} : { isQuiet: true }),
    }),
  );
  return "sent";
};

/**
 * Answers S3 Batch Operations, which invokes the function once for each object of a list: each original that the
 * request selects gets a message in the ingest queue, as `npm run reprocess` would send it. What S3 hands over twice is
 * sent twice, and processed once.
 */
export const requestReprocesses = async (reprocessor: Reprocessor, event: unknown): Promise<BatchAnswer> => {
  const { invocationId, request, tasks } = parseBatchInvocation(event);
  const { sourceBucket } = reprocessor.settings;
  const results: BatchResult[] = [];
  for (const task of tasks) {
    const { taskId, bucket, key } = task;
    if (bucket !== sourceBucket) {
      const resultString = `The task is about the bucket ${bucket}; only ${sourceBucket} is reprocessed.`;
      results.push({ taskId, resultCode: "PermanentFailure", resultString });
      continue;
    }
    try {
      const resultString = await requestReprocess(reprocessor, task, request);
      results.push({ taskId, resultCode: "Succeeded", resultString });
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      reprocessor.ports.log.with({ imageKey: key }).error("The task goes back to S3", error);
      results.push({ taskId, resultCode: "TemporaryFailure", resultString: error.message });
    }
  }
  return batchAnswer(invocationId, results);
};
