import { SendMessageCommand, SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { PipelineError } from "../core/errors.ts";
import type { MessageQueue } from "../ports/reprocess.ts";

/** Milliseconds. */
const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The function's SQS client: three tries, with the SDK's standard back-off. */
export const sqsClient = (config: SQSClientConfig = {}): SQSClient =>
  new SQSClient({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

export const sqsMessageQueue = (client: SQSClient, queueUrl: string): MessageQueue => ({
  send: async (body) => {
    try {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
    } catch (cause) {
      throw new PipelineError("SEND_FAILED", `A message could not be sent to ${queueUrl}.`, { cause });
    }
  },
});
