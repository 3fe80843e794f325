import { CreateTopicCommand, DeleteTopicCommand } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { failuresLines } from "../../operator/cli/failures.ts";
import { readFailures } from "../../operator/health/failures.ts";
import { follow } from "../../operator/uploads/follow.ts";
import type { UploadedObject } from "../../operator/uploads/upload-object.ts";
import { targetOf } from "../operator/support.ts";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { localPipeline } from "./support/local-pipeline.ts";
import { withoutGrant } from "./support/role-grants.ts";
import { gradient } from "./support/test-images.ts";

/** How long a message stays hidden that is to fail: far longer than a try needs that is refused at once. */
const SHORT_SECONDS = 8;
/** How long one stays hidden that is to succeed, which takes longer the busier the machine is. */
const LONG_SECONDS = 300;

const local = localPipeline({ settings: { maxReceiveCount: "2" } });

/** The program hides a message for a minute at least between two tries; here its operator changes that. */
const hideFor = async (seconds: number): Promise<void> => {
  const { aws, outputs } = local.pipeline;
  await aws.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: outputs.queueUrl,
      Attributes: { VisibilityTimeout: String(seconds) },
    }),
  );
};

const photo = (): Promise<Buffer> => gradient(300, 200).jpeg().toBuffer();

/** What `npm start` tells of an upload, to its end. */
const followed = async (uploaded: UploadedObject): Promise<string[]> => {
  const kinds: string[] = [];
  for await (const { kind } of follow(local.pipeline, uploaded, AbortSignal.timeout(OUTCOME_TIMEOUT_MS))) {
    kinds.push(kind);
  }
  return kinds;
};

const errorsAbout = async (key: string) =>
  (await local.pipeline.logLines(key)).filter(({ level }) => level === "ERROR");

const s3Event = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })),
});

/** The messages in the dead-letter queue about this key, as SQS has them. */
const deadLettersAbout = (key: string) =>
  vi.waitFor(
    async () => {
      const { Messages = [] } = await local.pipeline.aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: local.pipeline.outputs.deadLetterQueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
        }),
      );
      const about = Messages.filter(({ Body = "" }) =>
        s3Event.parse(JSON.parse(Body)).Records.some(({ s3 }) => s3.object.key === encodeURIComponent(key)),
      );
      expect(about.length).toBeGreaterThan(0);
      return about;
    },
    { timeout: OUTCOME_TIMEOUT_MS, interval: 200 },
  );

const redrive = async (letter: Message | undefined): Promise<void> => {
  const { aws, outputs } = local.pipeline;
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: outputs.queueUrl, MessageBody: letter?.Body }));
  await aws.sqs.send(
    new DeleteMessageCommand({
      QueueUrl: outputs.deadLetterQueueUrl,
      ReceiptHandle: letter?.ReceiptHandle,
    }),
  );
};

test("of ten uploads that one fails once, nine are done at once, and the tenth by another try", async () => {
  const { pipeline } = local;
  const bytes = await photo();
  await hideFor(SHORT_SECONDS);
  const tenth = await withoutGrant(pipeline, "dynamodb:UpdateItem", async () => {
    const uploaded = await pipeline.upload(bytes, "tenth.jpg");
    await vi.waitFor(async () => expect(await errorsAbout("tenth.jpg")).toHaveLength(1), {
      timeout: OUTCOME_TIMEOUT_MS,
      interval: 50,
    });
    return uploaded;
  });
  await hideFor(LONG_SECONDS);
  const nine = await Promise.all(
    Array.from({ length: 9 }, (_, index) => pipeline.upload(bytes, `ten/${index + 1}.jpg`)),
  );
  const records = await Promise.all(
    [...nine, tenth].map((uploaded) => pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS)),
  );
  expect(records.map(({ State }) => State)).toEqual(Array.from({ length: 10 }, () => "PROCESSED"));
  const deliveries = async (key: string) =>
    (await pipeline.logLines(key))
      .filter(({ message }) => message === "Image processed")
      .map(({ delivery }) => delivery);
  expect(await errorsAbout("tenth.jpg")).toHaveLength(1);
  expect(await deliveries("tenth.jpg")).toEqual([2]);
  for (const { key } of nine) {
    expect(await errorsAbout(key)).toEqual([]);
    expect(await deliveries(key)).toEqual([1]);
  }
});

test("while the table is out of reach an upload is tried again, ends in the dead-letter queue, and can be redriven", async () => {
  const { pipeline } = local;
  await hideFor(SHORT_SECONDS);
  const [uploaded, letter] = await withoutGrant(pipeline, "dynamodb:UpdateItem", async () => {
    const sent = await pipeline.upload(await photo(), "no-table.jpg");
    expect(await followed(sent)).toEqual(["given-back", "given-back", "dead"]);
    const [dead] = await deadLettersAbout("no-table.jpg");
    return [sent, dead] as const;
  });
  expect((await errorsAbout("no-table.jpg")).map(({ delivery, error }) => [delivery, error?.code])).toEqual([
    [1, "RECORD_FAILED"],
    [2, "RECORD_FAILED"],
  ]);
  expect(await pipeline.record("no-table.jpg")).toBeUndefined();

  await hideFor(LONG_SECONDS);
  await redrive(letter);
  expect(await pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS)).toMatchObject({
    State: "PROCESSED",
    Attempts: 1,
  });
});

/** Subjects of the mails about an original, of those that have come. */
const mailsAbout = async (key: string): Promise<readonly string[]> => {
  const subjects: string[] = [];
  const ends = AbortSignal.timeout(500);
  try {
    for await (const mail of local.pipeline.mailbox.mails(ends)) {
      if (mail.attributes["imageKey"] === key) subjects.push(mail.subject);
    }
  } catch (error) {
    if (!ends.aborted) throw error;
  }
  return subjects;
};

test("while an original may not be read its record says so, a mail tells that it was given up, and it can be redriven", async () => {
  const { pipeline } = local;
  const key = "unreadable.jpg";
  await hideFor(SHORT_SECONDS);
  const uploaded = await withoutGrant(pipeline, "s3:GetObjectVersion", async () => {
    const sent = await pipeline.upload(await photo(), key);
    expect(await followed(sent)).toEqual(["received", "given-back", "given-back", "dead"]);
    return sent;
  });
  const record = await pipeline.record(key);
  expect(record).toMatchObject({
    State: "RECEIVED",
    Attempts: 2,
    LastErrorCode: "READ_FAILED",
    LastError: `${key} could not be read from the bucket ${pipeline.outputs.sourceBucket}. (AccessDenied)`,
    LastTriedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    GivenUpAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(await mailsAbout(key)).toEqual(["Image Not Processed"]);
  const target = targetOf(pipeline);
  const { unfinished } = await readFailures(target);
  target.close();
  expect(unfinished).toEqual([
    {
      key,
      uploadTime: record?.UploadTime,
      attempts: 2,
      errorCode: "READ_FAILED",
      error: record?.LastError,
      triedAt: record?.LastTriedAt,
    },
  ]);
  expect(failuresLines({ failed: [], unfinished, deadLetters: [] }).join("\n")).toContain(
    [
      "Not done yet, whose last try failed: 1. They are tried again, or are among the dead letters.",
      `${key}  uploaded ${record?.UploadTime}`,
      `  2 tries, the last at ${record?.LastTriedAt}: READ_FAILED: ${record?.LastError}`,
    ].join("\n"),
  );

  await hideFor(LONG_SECONDS);
  const [letter] = await deadLettersAbout(key);
  await redrive(letter);
  const done = await pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS);
  expect(done).toMatchObject({ State: "PROCESSED", Attempts: 3 });
  expect([done.LastErrorCode, done.LastError, done.LastTriedAt, done.GivenUpAt]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  await vi.waitFor(
    async () => expect(await mailsAbout(key)).toEqual(["Image Not Processed", "New Image Processed"]),
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );
});

test("while the topic is gone everything but the notice is done, and the notice is in the dead-letter queue", async () => {
  const { pipeline } = local;
  const { topicArn } = pipeline.outputs;
  await hideFor(SHORT_SECONDS);
  await pipeline.aws.sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  const sent = await pipeline.upload(await photo(), "no-topic.jpg");
  expect(await followed(sent)).toEqual(["received", "processed", "given-back", "given-back", "dead"]);
  const [letter] = await deadLettersAbout("no-topic.jpg");
  expect((await errorsAbout("no-topic.jpg")).map(({ delivery, error }) => [delivery, error?.code])).toEqual([
    [1, "NOTIFY_FAILED"],
    [2, "NOTIFY_FAILED"],
  ]);
  const record = await pipeline.record("no-topic.jpg");
  expect(record).toMatchObject({ State: "PROCESSED", Attempts: 2 });
  expect(record?.NotifiedAt).toBeUndefined();
  expect(await pipeline.renditions("no-topic.jpg")).toHaveLength(6);

  await hideFor(LONG_SECONDS);
  await pipeline.aws.sns.send(new CreateTopicCommand({ Name: topicArn.split(":").at(-1) }));
  await redrive(letter);
  expect(await pipeline.waitForRecord(sent, OUTCOME_TIMEOUT_MS)).toMatchObject({
    State: "PROCESSED",
    Attempts: 3,
  });
});
