import { ListSubscriptionsByTopicCommand, PublishCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { key } from "../../../local/provider/kms.ts";
import { topic } from "../../../local/provider/sns.ts";
import { type Mail, mailLines, openMailbox } from "../../../local/start/mailbox.ts";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const encryptedTopic = async (name: string): Promise<string> => {
  const { outputs } = await key.create({}, emulated.aws);
  const inputs = { name, displayName: "Image pipeline", kmsMasterKeyId: outputs["arn"] };
  return (await topic.create(inputs, emulated.aws)).id;
};

const publish = (topicArn: string, subject: string, body: string) =>
  emulated.aws.sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: body,
      MessageAttributes: {
        imageKey: { DataType: "String", StringValue: "a ü.jpg" },
        renditions: { DataType: "Number", StringValue: "6" },
      },
    }),
  );

const take = async (mails: AsyncIterable<Mail>, count: number): Promise<Mail[]> => {
  const taken: Mail[] = [];
  for await (const mail of mails) {
    taken.push(mail);
    if (taken.length === count) {
      break;
    }
  }
  return taken;
};

test("a message of an encrypted topic arrives as the e-mail that SNS would send", async () => {
  const topicArn = await encryptedTopic("notices");
  const mailbox = await openMailbox(emulated.aws, topicArn, "you@example.com");
  const before = Date.now();
  await publish(topicArn, "New Image Processed", "a ü.jpg was processed.\n");
  const [mail] = await take(mailbox.mails(), 1);
  expect(mail).toEqual({
    from: "Image pipeline <no-reply@sns.amazonaws.com>",
    to: "you@example.com",
    subject: "New Image Processed",
    date: expect.any(Date),
    body: "a ü.jpg was processed.\n",
    attributes: { imageKey: "a ü.jpg", renditions: "6" },
  });
  expect(Math.abs((mail?.date.getTime() ?? 0) - before)).toBeLessThan(10_000);
  await mailbox.close();
});

test("every reader gets every mail, those that came before it too", async () => {
  const topicArn = await encryptedTopic("read-twice");
  const mailbox = await openMailbox(emulated.aws, topicArn, "you@example.com");
  const early = take(mailbox.mails(), 2);
  await publish(topicArn, "one", "1");
  await publish(topicArn, "two", "2");
  const subjects = (mails: Mail[]) => mails.map(({ subject }) => subject).sort();
  expect(subjects(await early)).toEqual(["one", "two"]);
  expect(subjects(await take(mailbox.mails(), 2))).toEqual(["one", "two"]);
  await mailbox.close();
});

test("reading ends when the signal aborts, and when the mailbox is closed", async () => {
  const topicArn = await encryptedTopic("ending");
  const mailbox = await openMailbox(emulated.aws, topicArn, "you@example.com");
  expect(await take(mailbox.mails(AbortSignal.timeout(50)), 1)).toEqual([]);
  const reading = take(mailbox.mails(), 1);
  await mailbox.close();
  expect(await reading).toEqual([]);
});

test("closing leaves neither the subscription nor the queue", async () => {
  const { sns, sqs } = emulated.aws;
  const topicArn = await encryptedTopic("closing");
  const mailbox = await openMailbox(emulated.aws, topicArn, "you@example.com");
  const subscriptions = async () =>
    (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }))).Subscriptions;
  expect(await subscriptions()).toHaveLength(1);
  await mailbox.close();
  expect(await subscriptions()).toEqual([]);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "closing" }));
  expect(QueueUrls).toEqual([]);
});

test("a mail is shown with its headers above its body", () => {
  expect(
    mailLines({
      from: "Image pipeline <no-reply@sns.amazonaws.com>",
      to: "you@example.com",
      subject: "New Image Processed",
      date: new Date("2026-11-23T12:00:00Z"),
      body: "a.jpg was processed.\n",
      attributes: {},
    }),
  ).toEqual([
    "From: Image pipeline <no-reply@sns.amazonaws.com>",
    "To: you@example.com",
    "Subject: New Image Processed",
    "Date: Mon, 23 Nov 2026 12:00:00 GMT",
    "",
    "a.jpg was processed.",
  ]);
});
