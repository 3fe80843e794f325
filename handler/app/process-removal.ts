import type { Removal } from "../core/events/s3-event.ts";
import { sinceReset } from "../core/events/sequencer.ts";
import { entryOfRemoval } from "../core/notice/digest-ledger.ts";
import { madeBefore } from "../core/record/cleanup.ts";
import { isWatermark } from "../core/spec/rendition-spec.ts";
import { removeLeftOver, removeUnlisted } from "./left-over-files.ts";
import type { Pipeline } from "./pipeline.ts";
import { processUpload } from "./process-upload.ts";

/**
 * Brings record and renditions in line with a key that something was taken away from. S3 does not say what is left
 * there: a delete marker hides the original, the end of one brings an older version back, and most of the versions
 * that are deleted were not the current one. So the source bucket is asked, and S3's event only tells when.
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processRemoval = async (pipeline: Pipeline, removal: Removal): Promise<void> => {
  const { source, library, ledger, metrics, clock, log: batchLog, trace } = pipeline.ports;
  const { bucket, key, sequencer } = removal;
  const log = batchLog.with({ imageKey: key, sourceBucket: bucket, sequencer });
  if (isWatermark(pipeline.settings.renditions, key)) {
    log.info("A watermark, no original");
    return;
  }
  pipeline.time.check();
  const current = await trace.stage("look", () => source.current(bucket, key));
  if (current !== undefined) {
    const upload = { ...current, sequencer };
    if (await library.confirm(upload)) {
      log.info("Another version was removed", { versionId: current.versionId });
      return;
    }
    log.info("A version is current again", { versionId: current.versionId });
    return processUpload(pipeline, upload);
  }
  const removed = await trace.stage("record", () => library.remove(removal));
  switch (removed.outcome) {
    case "superseded":
      log.info("Superseded before it was removed", { bySequencer: removed.bySequencer });
      await removeUnlisted(pipeline, removal, removed);
      return;
    case "stale":
      log.info("Changed since the same event was handled before");
      return;
    case "reset":
      return processRemoval(pipeline, { ...removal, sequencer: sinceReset(sequencer, removed.reset) });
    case "removed":
      break;
    default:
      return removed satisfies never;
  }
  const renditions = await removeLeftOver(pipeline, key, madeBefore(sequencer));
  await ledger?.enter(entryOfRemoval(removal), clock.now());
  metrics.imageDeleted();
  log.info("Image deleted", { renditionsRemoved: renditions });
};
