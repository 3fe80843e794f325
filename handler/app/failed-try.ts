import type { Upload } from "../core/events/s3-event.ts";
import { givenUpNotice } from "../core/notice/notice.ts";
import { failedTryOf, isRecordable } from "../core/record/failed-try.ts";
import type { Log } from "../ports/telemetry.ts";
import { type Pipeline, step } from "./pipeline.ts";

/**
 * Has the record say what this try failed on, and mails it once all tries have: the message is a dead letter then. In a
 * digest each upload is once, with what became of it; a dead letter may still become something.
 */
const note = async (pipeline: Pipeline, upload: Upload, error: unknown): Promise<void> => {
  const { library, notifier, ledger, clock } = pipeline.ports;
  const failedTry = failedTryOf(error);
  const noted = await step(pipeline, "note", () => library.noteFailedTry(upload, failedTry, clock.now()));
  if (noted.outcome === "nothing" || noted.isGivenUp || !pipeline.isLastTry) return;
  if (ledger !== undefined || upload.isQuiet === true) return;
  const notice = givenUpNotice(upload, failedTry, pipeline.settings);
  await step(pipeline, "notify", () => notifier.notify(notice));
  await step(pipeline, "note", () => library.markGivenUp(upload, clock.now()));
};

/**
 * Works on an upload that is received; what it fails on is in the record before it is thrown. That is no more than an
 * account of the failure: what goes wrong with it is logged, and the failure is what it was.
 */
export const notingFailure = async (
  pipeline: Pipeline,
  log: Log,
  upload: Upload,
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (isRecordable(error)) {
      await note(pipeline, upload, error).catch((reason: unknown) => {
        log.warn("What the try failed on is not recorded", { reason: failedTryOf(reason).sentence });
      });
    }
    throw error;
  }
};
