import * as z from "zod";

/** One message of an SQS batch. */
export type Message = {
  readonly messageId: string;
  readonly body: string;
  /** 1 at the first delivery. */
  readonly delivery: number;
};

const batch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number<string>().int().min(1) }),
    }),
  ),
});

/**
 * Reads the event of an SQS event source mapping (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
 * @throws TypeError when it is none: the function was called by something else, and there is no message to give back
 */
export const parseMessageBatch = (event: unknown): readonly Message[] => {
  const result = batch.safeParse(event);
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `${path.join(".") || "event"}: ${message}`,
    );
    throw new TypeError(
      `Expected a batch of SQS messages, as the ingest queue's event source mapping sends it; ${problems.join("; ")}.`,
    );
  }
  return result.data.Records.map(({ messageId, body, attributes }) => ({
    messageId,
    body,
    delivery: attributes.ApproximateReceiveCount,
  }));
};
