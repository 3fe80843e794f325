import { EventEmitter, once } from "node:events";
import { GetTopicAttributesCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Aws } from "../../operator/aws.ts";
import { present } from "../provider/resource.ts";

/** A message of the topic as the e-mail that Amazon SNS would send. */
export type Mail = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Date;
  readonly body: string;
  /** Message attributes, which an e-mail does not show; numbers as text. */
  readonly attributes: Readonly<Record<string, string>>;
};

export type Mailbox = {
  /** Every mail since the mailbox was opened, then each as it comes, until the signal aborts or the box is closed. */
  mails(signal?: AbortSignal): AsyncGenerator<Mail, void>;
  close(): Promise<void>;
};

/** What SNS puts into a queue (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). */
const envelope = z.object({
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  MessageAttributes: z.record(z.string(), z.object({ Type: z.string(), Value: z.string() })).optional(),
});

/** The address that Amazon SNS sends from (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html). */
const SENDER = "no-reply@sns.amazonaws.com";
/** The subject of a message published without one (same page). */
const DEFAULT_SUBJECT = "AWS Notification Message";
const POLL_SECONDS = 5;

const queuePolicy = (queueArn: string, topicArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  });

const queueArnOf = (topicArn: string, queueName: string): string =>
  [...topicArn.split(":").slice(0, -1), queueName].join(":").replace(":sns:", ":sqs:");

/**
 * Subscribes a queue of its own to a topic. The emulator sends no e-mail; SNS decrypts what a key encrypts before it
 * delivers, so the queue needs no key.
 *
 * @param to the address on the mails' To line
 */
export const openMailbox = async (aws: Aws, topicArn: string, to: string): Promise<Mailbox> => {
  const { sns, sqs } = aws;
  const topicName = present(topicArn.split(":").at(-1), "topic name");
  const queueName = `${topicName}-mailbox`;
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: queueName,
      Attributes: { Policy: queuePolicy(queueArnOf(topicArn, queueName), topicArn) },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.["QueueArn"],
      ReturnSubscriptionArn: true,
    }),
  );
  const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  const displayName = topic.Attributes?.["DisplayName"] || "AWS Notifications";

  const received: Mail[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();

  const mailOf = (body: string): Mail => {
    const message = envelope.parse(JSON.parse(body));
    return {
      from: `${displayName} <${SENDER}>`,
      to,
      subject: message.Subject ?? DEFAULT_SUBJECT,
      date: new Date(message.Timestamp),
      body: message.Message,
      attributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, { Value }]) => [name, Value]),
      ),
    };
  };

  const receive = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: POLL_SECONDS }),
        { abortSignal: closing.signal },
      );
      if (Messages.length > 0) {
        received.push(...Messages.map(({ Body = "" }) => mailOf(Body)));
        arrivals.emit("mail");
        await sqs.send(
          new DeleteMessageBatchCommand({
            QueueUrl,
            Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
          }),
        );
      }
    }
  };
  let failure: unknown;
  const receiving = receive().catch((error: unknown) => {
    if (!closing.signal.aborted) {
      failure = error;
      closing.abort();
    }
  });

  return {
    async *mails(signal) {
      const ended = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])]);
      for (let next = 0; ; ) {
        for (let mail = received[next]; mail !== undefined; mail = received[next]) {
          next += 1;
          yield mail;
        }
        if (ended.aborted) {
          break;
        }
        await once(arrivals, "mail", { signal: ended }).catch(() => {});
      }
      if (failure !== undefined) {
        throw failure;
      }
    },
    close: async () => {
      closing.abort();
      await receiving;
      await sns.send(new UnsubscribeCommand({ SubscriptionArn })).catch(() => {});
      await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => {});
    },
  };
};

/** A mail as a mail program shows it, line by line. */
export const mailLines = ({ from, to, subject, date, body }: Mail): readonly string[] => [
  `From: ${from}`,
  `To: ${to}`,
  `Subject: ${subject}`,
  `Date: ${date.toUTCString()}`,
  "",
  ...body.trimEnd().split("\n"),
];
