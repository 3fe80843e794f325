import type { Restore } from "../core/events/s3-event.ts";
import { madeByRestore } from "../core/record/cleanup.ts";
import { removeLeftOver, withManifest } from "./left-over-files.ts";
import type { Pipeline } from "./pipeline.ts";
import { processUpload } from "./process-upload.ts";

/**
 * Processes an original that could not be read before it was restored from its archive storage class. Whoever restores
 * for a reason of their own restores much that is done, or is no version that a record is of: that is left alone.
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processRestore = async (pipeline: Pipeline, restore: Restore): Promise<void> => {
  const { library, log, trace } = pipeline.ports;
  const { bucket, key, versionId, restoredAt } = restore;
  const fields = { imageKey: key, sourceBucket: bucket, versionId };
  for (let sequencer: string | undefined; ; ) {
    pipeline.time.check();
    const waiting = await trace.stage("look", () => library.waitingFor(restore));
    if (waiting.outcome === "nothing") {
      if (sequencer === undefined) log.info("Restored, and nothing waits for it", fields);
      const listed = withManifest(key, waiting.listedKeys);
      await removeLeftOver(pipeline, key, madeByRestore(restoredAt, waiting.bySequencer, listed));
      return;
    }
    const { upload } = waiting;
    // Another event may have had itself counted in between, before which the upload is none that comes again: then
    // the record still waits, and the place in the order is another.
    if (upload.sequencer === sequencer) return;
    log.info("Restored", fields);
    await processUpload(pipeline, upload, true);
    sequencer = upload.sequencer;
  }
};
