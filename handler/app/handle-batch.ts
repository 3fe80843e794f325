import type { SQSBatchResponse } from "aws-lambda";
import { PipelineError } from "../core/errors.ts";
import { refuseFuture } from "../core/events/future.ts";
import { parseUploadEvents, type UploadEvents } from "../core/events/s3-event.ts";
import { reprocessedAt } from "../core/events/sequencer.ts";
import { type Message, parseMessageBatch } from "../core/events/sqs-batch.ts";
import type { Log } from "../ports/telemetry.ts";
import { takingTurns } from "./in-turn.ts";
import type { Pipeline } from "./pipeline.ts";
import { processRemoval } from "./process-removal.ts";
import { processReset } from "./process-reset.ts";
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

type Work = {
  readonly about: { readonly bucket: string; readonly key: string };
  /** The time that is its place in the order, where it is no event of S3's order. */
  readonly at?: Date;
  readonly work: () => Promise<void>;
};

/** All that is to be done about what a message tells, in order. */
const worksOf = (
  pipeline: Pipeline,
  { uploads, reprocesses, removals, restores, resets }: UploadEvents,
): readonly Work[] => [
  ...uploads.map((upload) => ({ about: upload, work: () => processUpload(pipeline, upload) })),
  ...reprocesses.map((upload) => ({
    about: upload,
    at: reprocessedAt(upload.sequencer),
    work: () => processUpload(pipeline, upload, true),
  })),
  ...removals.map((removal) => ({ about: removal, work: () => processRemoval(pipeline, removal) })),
  ...restores.map((restore) => ({
    about: restore,
    at: new Date(restore.restoredAt),
    work: () => processRestore(pipeline, restore),
  })),
  ...resets.map((reset) => ({
    about: reset,
    at: new Date(reset.resetAt),
    work: () => processReset(pipeline, reset),
  })),
];

/** Works through one message; `true` when all it holds is done. What fails does not hold up the rest. */
const handleMessage = async (
  pipeline: Pipeline,
  { messageId, body, delivery }: Message,
): Promise<boolean> => {
  const { settings } = pipeline;
  const log = pipeline.ports.log.with({ messageId, delivery });
  const messagePipeline = {
    ...pipeline,
    ports: { ...pipeline.ports, log },
    isLastTry: delivery >= settings.maxReceiveCount,
  };
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
    const events = parseUploadEvents(body);
    for (const { eventName, reason, key } of events.ignored) {
      log.info("Event ignored", { eventName, reason, imageKey: key });
    }
    for (const { about, at, work } of worksOf(messagePipeline, events)) {
      await attempt(log.with({ imageKey: about.key }), async () => {
        refuseOtherBuckets(about.bucket, settings.sourceBucket);
        if (at !== undefined) refuseFuture(at, messagePipeline.ports.clock.now());
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
    isLastTry: false,
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
