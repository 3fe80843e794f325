import { CreateTopicCommand, DeleteTopicCommand } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { follow } from "../../local/follow.ts";
import { type Pipeline, startPipeline } from "../../local/pipeline.ts";
import type { UploadedObject } from "../../local/upload-object.ts";
import { logFileFor } from "./support/emulated-aws.ts";
import { revoke } from "./support/role-grants.ts";
import { gradient } from "./support/test-images.ts";

/** The program hides a message for at least a minute between two tries; here its operator shortens that. */
const VISIBILITY_TIMEOUT_SECONDS = 4;

let pipeline: Pipeline;
let bytes: Buffer;
beforeAll(async () => {
  pipeline = await startPipeline({
    logFile: logFileFor("pipeline-retries.test.ts"),
    settings: { maxReceiveCount: "2" },
  });
  await pipeline.aws.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: pipeline.outputs.queueUrl,
      Attributes: { VisibilityTimeout: String(VISIBILITY_TIMEOUT_SECONDS) },
    }),
  );
  bytes = await gradient(300, 200).jpeg().toBuffer();
}, 60_000);
afterAll(() => pipeline?.close());

/** What `npm start` tells of an upload, to its end. */
const followed = async (uploaded: UploadedObject): Promise<string[]> => {
  const kinds: string[] = [];
  for await (const { kind } of follow(pipeline, uploaded, AbortSignal.timeout(40_000))) {
    kinds.push(kind);
  }
  return kinds;
};

const errorsAbout = async (key: string) =>
  (await pipeline.logLines(key)).filter(({ level }) => level === "ERROR");

const s3Event = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })),
});

/** The messages in the dead-letter queue about this key, as SQS has them. */
const deadLettersAbout = (key: string) =>
  vi.waitFor(
    async () => {
      const { Messages = [] } = await pipeline.aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: pipeline.outputs.deadLetterQueueUrl,
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
    { timeout: 30_000, interval: 200 },
  );

test("of ten uploads that one fails once, nine are done at once, and the tenth by another try", {
  timeout: 60_000,
}, async () => {
  const giveBack = await revoke(pipeline, "dynamodb:UpdateItem");
  const tenth = await pipeline.upload(bytes, "tenth.jpg");
  await vi.waitFor(async () => expect(await errorsAbout("tenth.jpg")).toHaveLength(1), {
    timeout: 20_000,
    interval: 50,
  });
  await giveBack();
  const nine = await Promise.all(
    Array.from({ length: 9 }, (_, index) => pipeline.upload(bytes, `ten/${index + 1}.jpg`)),
  );
  const records = await Promise.all([...nine, tenth].map((uploaded) => pipeline.waitForRecord(uploaded)));
  expect(records.map(({ State }) => State)).toEqual(Array.from({ length: 10 }, () => "PROCESSED"));
  expect(await errorsAbout("tenth.jpg")).toHaveLength(1);
  expect(await pipeline.logLines("tenth.jpg")).toContainEqual(
    expect.objectContaining({ message: "Image processed", delivery: 2 }),
  );
  for (const { key } of nine) {
    expect(await errorsAbout(key)).toEqual([]);
    expect(await pipeline.logLines(key)).toContainEqual(
      expect.objectContaining({ message: "Image processed", delivery: 1 }),
    );
  }
});

test("while the table is out of reach an upload is tried again, ends in the dead-letter queue, and can be redriven", {
  timeout: 60_000,
}, async () => {
  const giveBack = await revoke(pipeline, "dynamodb:UpdateItem");
  const uploaded = await pipeline.upload(bytes, "no-table.jpg");
  expect(await followed(uploaded)).toEqual(["given-back", "given-back", "dead"]);
  const [letter] = await deadLettersAbout("no-table.jpg");
  expect((await errorsAbout("no-table.jpg")).map(({ delivery, error }) => [delivery, error?.code])).toEqual([
    [1, "RECORD_FAILED"],
    [2, "RECORD_FAILED"],
  ]);
  expect(await pipeline.record("no-table.jpg")).toBeUndefined();

  await giveBack();
  await pipeline.aws.sqs.send(
    new SendMessageCommand({ QueueUrl: pipeline.outputs.queueUrl, MessageBody: letter?.Body }),
  );
  await pipeline.aws.sqs.send(
    new DeleteMessageCommand({
      QueueUrl: pipeline.outputs.deadLetterQueueUrl,
      ReceiptHandle: letter?.ReceiptHandle,
    }),
  );
  expect(await pipeline.waitForRecord(uploaded)).toMatchObject({ State: "PROCESSED", Attempts: 1 });
});

test("while the topic is gone everything but the notice is done, and the notice is in the dead-letter queue", {
  timeout: 60_000,
}, async () => {
  const { topicArn } = pipeline.outputs;
  await pipeline.aws.sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  const sent = await pipeline.upload(bytes, "no-topic.jpg");
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

  await pipeline.aws.sns.send(new CreateTopicCommand({ Name: topicArn.split(":").at(-1) }));
  await pipeline.aws.sqs.send(
    new SendMessageCommand({ QueueUrl: pipeline.outputs.queueUrl, MessageBody: letter?.Body }),
  );
  const uploaded = { key: "no-topic.jpg", versionId: record?.VersionId };
  expect(await pipeline.waitForRecord(uploaded)).toMatchObject({ State: "PROCESSED", Attempts: 3 });
});
