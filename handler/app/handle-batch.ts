import type { SQSBatchResponse } from "aws-lambda";
import { type Message, parseMessageBatch } from "../core/message-batch.ts";
import { parseUploadEvents } from "../core/upload-event.ts";
import type { Log } from "../ports.ts";
import { takingTurns } from "./in-turn.ts";
import { type Pipeline, processUpload } from "./process-upload.ts";

/** Messages in work at once: while one image is transformed, the next is read and the one before it is stored. */
const MESSAGES_AT_ONCE = 2;

/** Works through one message; `true` when all it holds is done. What fails does not hold up the rest. */
const handleMessage = async (
  pipeline: Pipeline,
  { messageId, body, delivery }: Message,
): Promise<boolean> => {
  const log = pipeline.ports.log.with({ messageId, delivery });
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
    const { uploads, ignored } = parseUploadEvents(body);
    for (const { eventName, reason, key } of ignored) {
      log.info("Event ignored", { eventName, reason, imageKey: key });
    }
    const messagePipeline = { ...pipeline, ports: { ...pipeline.ports, log } };
    for (const upload of uploads) {
      await attempt(log.with({ imageKey: upload.key }), () =>
        processUpload(messagePipeline, upload, delivery),
      );
    }
  });
  return isDone;
};

/**
 * Handles one batch of the ingest queue. Messages that are not done are reported back one by one
 * (`ReportBatchItemFailures`), so that SQS delivers just them again.
 */
export const handleBatch = async (
  parts: Omit<Pipeline, "inTurn">,
  event: unknown,
): Promise<SQSBatchResponse> => {
  const pipeline = { ...parts, inTurn: takingTurns() };
  const failed: string[] = [];
  const messages = parseMessageBatch(event).values();
  const workThroughMessages = async (): Promise<void> => {
    for (const message of messages) {
      if (!(await handleMessage(pipeline, message))) failed.push(message.messageId);
    }
  };
  await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, workThroughMessages));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
