import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import { parseUploadEvents } from "../../handler/core/events/s3-event.ts";
import type { Target } from "../target.ts";

/** A message that failed at every try. */
export type DeadLetter = {
  readonly messageId: string;
  /** What it is about; none when it can't be read. */
  readonly keys: readonly string[];
  /** When S3 sent it, ISO 8601. */
  readonly sentAt: string | undefined;
};

const attributes = z.object({ SentTimestamp: z.coerce.number<unknown>() });

const keysOf = (body: string): readonly string[] => {
  try {
    const { uploads, reprocesses, removals, restores, resets } = parseUploadEvents(body);
    return [...uploads, ...reprocesses, ...removals, ...restores, ...resets].map(({ key }) => key);
  } catch {
    return [];
  }
};

const letterOf = ({ MessageId = "", Body = "", Attributes }: Message): DeadLetter => {
  const sent = attributes.safeParse(Attributes).data;
  return {
    messageId: MessageId,
    keys: keysOf(Body),
    sentAt: sent === undefined ? undefined : new Date(sent.SentTimestamp).toISOString(),
  };
};

/** Seconds; long enough to look through the queue without meeting a message twice. */
const LOOK_SECONDS = 30;

/**
 * Looks at dead letters without taking any: what is received is put back at once. SQS shows a sample of a long queue.
 *
 * @param limit letters at most
 */
export const peekDeadLetters = async (
  { sqs, outputs: { deadLetterQueueUrl: QueueUrl } }: Pick<Target, "sqs" | "outputs">,
  limit: number,
): Promise<readonly DeadLetter[]> => {
  const found = new Map<string, Message>();
  try {
    while (found.size < limit) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, limit - found.size),
          VisibilityTimeout: LOOK_SECONDS,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      if (Messages.length === 0) break;
      for (const message of Messages) found.set(message.MessageId ?? "", message);
    }
  } finally {
    const received = [...found.values()];
    for (let at = 0; at < received.length; at += 10) {
      await sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: received.slice(at, at + 10).map(({ ReceiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: 0,
          })),
        }),
      );
    }
  }
  return [...found.values()].map(letterOf);
};
