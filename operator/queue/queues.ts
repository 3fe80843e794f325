import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Target } from "../target.ts";

const queueCounts = z.object({
  ApproximateNumberOfMessages: z.coerce.number<unknown>().int().min(0),
  ApproximateNumberOfMessagesNotVisible: z.coerce.number<unknown>().int().min(0),
  ApproximateNumberOfMessagesDelayed: z.coerce.number<unknown>().int().min(0).default(0),
  MessageRetentionPeriod: z.coerce.number<unknown>().int().min(60).default(345_600),
  QueueArn: z.string(),
});

/** SQS's approximate counts; exact within seconds of the last change. */
export type QueueDepth = {
  readonly arn: string;
  /** Messages that wait. */
  readonly waiting: number;
  /** Messages that a run of the function has in work, or that wait for their next try. */
  readonly inFlight: number;
  /** Seconds that SQS keeps a message. */
  readonly retentionSeconds: number;
};

/** How full a queue is. */
export const queueDepth = async ({ sqs }: Pick<Target, "sqs">, url: string): Promise<QueueDepth> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  const counts = queueCounts.parse(Attributes);
  return {
    arn: counts.QueueArn,
    waiting: counts.ApproximateNumberOfMessages + counts.ApproximateNumberOfMessagesDelayed,
    inFlight: counts.ApproximateNumberOfMessagesNotVisible,
    retentionSeconds: counts.MessageRetentionPeriod,
  };
};
