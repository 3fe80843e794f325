import { PipelineError } from "../core/errors.ts";
import type { Upload } from "../core/events/s3-event.ts";
import { sinceReset } from "../core/events/sequencer.ts";
import { entryOfAsset } from "../core/notice/digest-ledger.ts";
import { isWorthANotice, noticeFor } from "../core/notice/notice.ts";
import type { Asset } from "../core/record/asset.ts";
import { madeUntil } from "../core/record/cleanup.ts";
import { isCurrent } from "../core/record/record-owner.ts";
import { isWatermark } from "../core/spec/rendition-spec.ts";
import type { Expected } from "../ports/renditions.ts";
import type { Log } from "../ports/telemetry.ts";
import { notingFailure } from "./failed-try.ts";
import { removeLeftOver, removeUnlisted, withManifest } from "./left-over-files.ts";
import { makeAsset } from "./make-asset.ts";
import { type Pipeline, step } from "./pipeline.ts";

const report = ({ ports }: Pipeline, log: Log, asset: Asset): void => {
  const { durationMs, upload } = asset;
  if (asset.state === "FAILED") {
    ports.metrics.imageFailed(asset.reason.code);
    log.warn("Image not processed", {
      reasonCode: asset.reason.code,
      reason: asset.reason.message,
      durationMs,
    });
    return;
  }
  const { renditions, transformMs } = asset;
  const bytesIn = upload.sizeBytes;
  const bytesOut = renditions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  ports.metrics.imageProcessed({ bytesIn, bytesOut, transformMs });
  log.info("Image processed", { renditions: renditions.length, bytesIn, bytesOut, transformMs, durationMs });
};

/** Every key that the asset has in the destination bucket. */
const keysOf = (asset: Asset): readonly string[] =>
  asset.state === "FAILED"
    ? []
    : withManifest(
        asset.upload.key,
        asset.renditions.map(({ key }) => key),
      );

/** Sends the asset's notice, or enters it for the next digest, or leaves it at that. */
const tell = async (pipeline: Pipeline, asset: Asset): Promise<void> => {
  const { notifier, ledger, clock } = pipeline.ports;
  if (ledger !== undefined) {
    await step(pipeline, "enter", () => ledger.enter(entryOfAsset(asset), clock.now()));
  } else if (isWorthANotice(asset, pipeline.settings.notices)) {
    await step(pipeline, "notify", () => notifier.notify(noticeFor(asset, pipeline.settings)));
  }
};

/** Takes away what is left over of an upload whose outcome is recorded, and tells whom it may concern. */
const finish = async (
  pipeline: Pipeline,
  asset: Asset,
  expected: Expected,
  isNotified: boolean,
): Promise<void> => {
  const { library, clock } = pipeline.ports;
  const { upload } = asset;
  if (expected === "earlier renditions") {
    await removeLeftOver(pipeline, upload.key, madeUntil(upload.sequencer, keysOf(asset)));
  }
  if (!isNotified) {
    if (upload.isQuiet !== true) await tell(pipeline, asset);
    await library.markNotified(upload, clock.now());
  }
};

/** From an accepted upload to its notice. Each step may be repeated: a crash between two repeats, it loses nothing. */
const settle = async (pipeline: Pipeline, log: Log, upload: Upload, expected: Expected): Promise<void> => {
  const asset = await makeAsset(pipeline, upload, expected);
  const recorded = await step(pipeline, "record", () => pipeline.ports.library.record(asset));
  switch (recorded.outcome) {
    case "duplicate":
      log.info("Already processed");
      await removeUnlisted(pipeline, upload, recorded);
      return;
    case "superseded":
      log.info("Superseded while it was processed", { bySequencer: recorded.bySequencer });
      await removeUnlisted(pipeline, upload, recorded);
      return;
    case "preempted":
      log.info("Another attempt had another outcome before");
      await removeUnlisted(pipeline, upload, recorded);
      // The other attempt may not come to tell; then it is for the next one.
      if (!recorded.isNotified) {
        throw new PipelineError("RECORD_FAILED", `Another attempt at ${upload.key} is not done yet.`);
      }
      return;
    case "recorded":
      break;
    default:
      return recorded satisfies never;
  }
  report(pipeline, log, asset);
  await finish(pipeline, asset, expected, recorded.isNotified);
};

/**
 * An event of a key whose order was reset counts if it is of what lies under the key. What took the place of any other
 * has an event of its own, and one from before the reset may claim a place that it has not.
 */
const processSinceReset = async (
  pipeline: Pipeline,
  log: Log,
  upload: Upload,
  reset: string,
): Promise<void> => {
  const { bucket, key, sequencer } = upload;
  const current = await step(pipeline, "look", () => pipeline.ports.source.current(bucket, key));
  if (!isCurrent(upload, current)) {
    log.info("Not what lies under the key, whose order was reset", { versionId: current?.versionId });
    return;
  }
  return processUpload(pipeline, { ...upload, sequencer: sinceReset(sequencer, reset) });
};

/**
 * Processes one upload: receive, read, inspect, plan, transform, store, record, notify.
 * Notices are sent at least once: a crash between the notice and its mark sends it again.
 * @param isAgain process it although it is done
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processUpload = async (pipeline: Pipeline, upload: Upload, isAgain = false): Promise<void> => {
  const { library, log: batchLog } = pipeline.ports;
  const log = batchLog.with({
    imageKey: upload.key,
    sourceBucket: upload.bucket,
    versionId: upload.versionId,
    sequencer: upload.sequencer,
  });
  if (isWatermark(pipeline.settings.renditions, upload.key)) {
    log.info("A watermark, no original");
    return;
  }
  const receipt = await step(pipeline, "receive", () => library.receive(upload, isAgain));
  switch (receipt.outcome) {
    case "accepted":
      if (receipt.failure !== undefined) {
        log.info("Failed at an attempt before", { reasonCode: receipt.failure.reason.code });
        return finish(pipeline, receipt.failure, receipt.expected, false);
      }
      return notingFailure(pipeline, log, upload, () => settle(pipeline, log, upload, receipt.expected));
    case "duplicate":
      log.info("Already processed");
      await removeUnlisted(pipeline, upload, receipt);
      return;
    case "superseded":
      log.info("Superseded before it was processed", { bySequencer: receipt.bySequencer });
      await removeUnlisted(pipeline, upload, receipt);
      return;
    case "stale":
      log.info("Changed since the same event was handled before");
      return;
    case "reset":
      return processSinceReset(pipeline, log, upload, receipt.reset);
    default:
      return receipt satisfies never;
  }
};
