import type { SQSBatchResponse } from "aws-lambda";
import { PipelineError } from "../core/errors.ts";
import { type Message, parseMessageBatch } from "../core/message-batch.ts";
import { parseUploadEvents } from "../core/upload-event.ts";
import type { Log } from "../ports.ts";
import { takingTurns } from "./in-turn.ts";
import type { Pipeline } from "./pipeline.ts";
import { processRemoval } from "./process-removal.ts";
import { processRestore } from "./process-restore.ts";
import { processUpload } from "./process-upload.ts";
import { sharingRoom } from "./room.ts";
import { type RemainingMs, timeLeft } from "./time-left.ts";

/** Messages in work at once: while one image is transformed, the next is read and the one before it is stored. */
const MESSAGES_AT_ONCE = 2;

/** The rest is for the image that is decoded, its renditions, and Node itself. */
const ORIGINALS_SHARE_OF_MEMORY = 1 / 4;

/** Anybody who may write to the queue may name any bucket; the library's keys are those of one. */
const refuseOtherBuckets = (found: string, expected: string): void => {
  if (found !== expected) {
    throw new PipelineError(
      "WRONG_BUCKET",
      `The message is about the bucket ${found}; only events of ${expected} are handled.`,
    );
  }
};

/** Works through one message; `true` when all it holds is done. What fails does not hold up the rest. */
const handleMessage = async (
  pipeline: Pipeline,
  { messageId, body, delivery }: Message,
): Promise<boolean> => {
  const { settings } = pipeline;
  const log = pipeline.ports.log.with({ messageId, delivery });
  const messagePipeline = { ...pipeline, ports: { ...pipeline.ports, log } };
  let isDone = true;
  const attempt = async (attemptLog: Log, work: () => void | Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      isDone = false;
      attemptLog.error("The message goes back to the queue", error);
    }
  };
  await attempt(log, async () => {
    const { uploads, reprocesses, removals, restores, ignored } = parseUploadEvents(body);
    for (const { eventName, reason, key } of ignored) {
      log.info("Event ignored", { eventName, reason, imageKey: key });
    }
    const works = [
      ...uploads.map((upload) => [upload, () => processUpload(messagePipeline, upload)] as const),
      ...reprocesses.map((upload) => [upload, () => processUpload(messagePipeline, upload, true)] as const),
      ...removals.map((removal) => [removal, () => processRemoval(messagePipeline, removal)] as const),
      ...restores.map((restore) => [restore, () => processRestore(messagePipeline, restore)] as const),
    ];
    for (const [{ bucket, key }, work] of works) {
      await attempt(log.with({ imageKey: key }), async () => {
        refuseOtherBuckets(bucket, settings.sourceBucket);
        await work();
      });
    }
  });
  return isDone;
};

/**
 * Handles one batch of the ingest queue. Messages that are not done are reported back one by one
 * (`ReportBatchItemFailures`), so that SQS delivers just them again; in time, before Lambda ends the run and with it
 * the whole batch.
 */
export const handleBatch = async (
  parts: Pick<Pipeline, "ports" | "settings">,
  event: unknown,
  remainingMs: RemainingMs,
): Promise<SQSBatchResponse> => {
  const time = timeLeft(remainingMs);
  const pipeline: Pipeline = {
    ...parts,
    inTurn: takingTurns(),
    inRoom: sharingRoom(
      ORIGINALS_SHARE_OF_MEMORY * (parts.settings.limits.memoryBytes ?? Number.POSITIVE_INFINITY),
    ),
    time,
  };
  const messages = parseMessageBatch(event);
  const done = new Set<Message>();
  const failed = new Set<Message>();
  const queue = messages.values();
  const workThroughMessages = async (): Promise<void> => {
    for (const message of queue) {
      if (!time.isEnoughForAnother()) return;
      const startedAt = remainingMs();
      ((await handleMessage(pipeline, message)) ? done : failed).add(message);
      time.spent(startedAt - remainingMs());
    }
  };
  await time.within(Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, workThroughMessages)));
  const handedBack = messages.filter((message) => !done.has(message));
  for (const { messageId, delivery } of handedBack.filter((message) => !failed.has(message))) {
    parts.ports.log.warn("The message goes back to the queue: there is no time left for it", {
      messageId,
      delivery,
    });
  }
  return { batchItemFailures: handedBack.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
