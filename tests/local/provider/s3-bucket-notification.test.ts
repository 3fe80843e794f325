import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import { notification } from "../../../local/provider/s3-bucket-notification.ts";
import { queue, queuePolicy } from "../../../local/provider/sqs.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("new objects are announced in the queue until the notification is deleted", async () => {
  const { aws } = emulated;
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:news`;
  await bucket.create({ bucket: "announcing" }, aws);
  const { id: queueUrl } = await queue.create({ name: "news" }, aws);
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::announcing" } },
      },
    ],
  });
  await queuePolicy.create({ queueUrl, policy }, aws);
  const inputs = {
    bucket: "announcing",
    queues: [{ id: "uploads", queueArn, events: ["s3:ObjectCreated:*"], filterSuffix: ".jpg" }],
    eventbridge: false,
  };
  const { id, outputs } = await notification.create(inputs, aws);
  expect(outputs).toEqual(inputs);
  expect(await notification.read(id, aws)).toEqual(inputs);

  const announced = async (key: string): Promise<boolean> => {
    await aws.s3.send(new PutObjectCommand({ Bucket: "announcing", Key: key, Body: "a" }));
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
    );
    return Messages.some(
      ({ Body = "" }) => Body.includes(`"key": "${key}"`) || Body.includes(`"key":"${key}"`),
    );
  };
  expect(await announced("one.jpg")).toBe(true);
  expect(await announced("one.txt")).toBe(false);

  const unfiltered = { ...inputs, queues: [{ id: "all", queueArn, events: ["s3:ObjectCreated:Put"] }] };
  await notification.update(id, unfiltered, outputs, aws);
  expect(await notification.read(id, aws)).toEqual(unfiltered);
  expect(await announced("two.txt")).toBe(true);

  await notification.delete(id, unfiltered, aws);
  expect(await notification.read(id, aws)).toBeUndefined();
  expect(await announced("three.jpg")).toBe(false);
});
