import { isFolder, type Reset } from "../core/events/s3-event.ts";
import { foundAtReset, reprocessSequencer, resetSequencer } from "../core/events/sequencer.ts";
import { madeBefore } from "../core/record/cleanup.ts";
import { isWatermark } from "../core/spec/rendition-spec.ts";
import { removeLeftOver } from "./left-over-files.ts";
import { type Pipeline, step } from "./pipeline.ts";
import { processUpload } from "./process-upload.ts";

/**
 * Has the order of a key begin anew: after a message that nobody should have been able to send has put its record
 * beyond all that S3 will ever tell. What lies under the key is processed, and takes the place of every file that was
 * made of it before, whatever that claims. Events that S3 sends later count again. The bucket is looked at once the
 * order has begun: what changes after the look is told by an event that counts.
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processReset = async (pipeline: Pipeline, reset: Reset): Promise<void> => {
  const { source, library, log: batchLog } = pipeline.ports;
  const { bucket, key, resetAt, isQuiet } = reset;
  const at = new Date(resetAt);
  const beginning = resetSequencer(at);
  const log = batchLog.with({ imageKey: key, sourceBucket: bucket, sequencer: beginning });
  if (isWatermark(pipeline.settings.renditions, key)) {
    log.info("A watermark, no original");
    return;
  }
  const begun = await step(pipeline, "reset", () => library.reset(key, beginning));
  if (begun.outcome === "superseded") {
    log.info("The order of its events has begun anew later", { bySequencer: begun.bySequencer });
    return;
  }
  const current = await step(pipeline, "look", () => source.current(bucket, key));
  log.info("The order of its events begins anew", { versionId: current?.versionId });
  // Where there is no record, nothing holds S3's events up, and their order is the one there was.
  const hasBegun = begun.outcome === "begun";
  const sequencer = hasBegun ? foundAtReset(at) : reprocessSequencer(undefined, at);
  if (current !== undefined && !isFolder(current)) {
    const upload = { ...current, sequencer, ...(isQuiet === undefined ? {} : { isQuiet }) };
    return processUpload(pipeline, upload, !hasBegun);
  }
  if (!hasBegun) return;
  const removal = { bucket, key, sequencer, removedAt: resetAt };
  const removed = await step(pipeline, "record", () => library.remove(removal));
  if (removed.outcome === "removed") await removeLeftOver(pipeline, key, madeBefore(sequencer));
};
