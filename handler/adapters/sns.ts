import { PublishCommand, SNSClient, type SNSClientConfig } from "@aws-sdk/client-sns";
import { PipelineError } from "../core/errors.ts";
import type { Notifier } from "../ports/notices.ts";

/** Milliseconds. */
const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** The function's SNS client: three tries, with the SDK's standard back-off. */
export const snsClient = (config: SNSClientConfig = {}): SNSClient =>
  new SNSClient({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

export const snsNotifier = (client: SNSClient, topicArn: string): Notifier => ({
  notify: async ({ subject, body, attributes }) => {
    try {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          Message: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, { type, value }]) => [
              name,
              { DataType: type, StringValue: value },
            ]),
          ),
        }),
      );
    } catch (cause) {
      throw new PipelineError("NOTIFY_FAILED", `The notice could not be published to ${topicArn}.`, {
        cause,
      });
    }
  },
});
