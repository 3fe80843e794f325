import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queue, queuePolicy, redriveAllowPolicy } from "../../../local/provider/sqs.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const arnOf = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

test("creates, reads, changes and deletes a queue", async () => {
  const { aws, emulator } = emulated;
  await queue.create({ name: "dead" }, aws);
  const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 3 });
  const inputs = {
    name: "uploads",
    visibilityTimeoutSeconds: 60,
    receiveWaitTimeSeconds: 20,
    redrivePolicy,
    tags: { Project: "p" },
  };
  const { id, outputs } = await queue.create(inputs, aws);
  expect(id).toBe(`${emulator.endpoint}/${ACCOUNT}/uploads`);
  expect(outputs).toEqual({
    ...inputs,
    delaySeconds: 0,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    kmsDataKeyReusePeriodSeconds: 300,
    arn: arnOf("uploads"),
    url: id,
    tagsAll: { Project: "p" },
  });
  expect(await queue.read(id, aws)).toMatchObject({
    arn: arnOf("uploads"),
    visibilityTimeoutSeconds: 60,
    receiveWaitTimeSeconds: 20,
    maxMessageSize: 262_144,
    tags: { Project: "p" },
  });

  const changed = { name: "uploads", visibilityTimeoutSeconds: 90, delaySeconds: 5, tags: { Stack: "s" } };
  await queue.update(id, changed, outputs, aws);
  const read = await queue.read(id, aws);
  expect(read).toMatchObject({ visibilityTimeoutSeconds: 90, delaySeconds: 5, receiveWaitTimeSeconds: 0 });
  expect(read?.["tags"]).toEqual({ Stack: "s" });
  expect(read?.["redrivePolicy"] ?? "").toBe("");

  await queue.delete(id, changed, aws);
  expect(await queue.read(id, aws)).toBeUndefined();
  await queue.delete(id, changed, aws);
});

test("sets, changes and removes a queue's policy", async () => {
  const { aws } = emulated;
  const { id: queueUrl } = await queue.create({ name: "policed" }, aws);
  const policy = (action: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: action, Resource: arnOf("policed") }],
    });
  const { id, outputs } = await queuePolicy.create({ queueUrl, policy: policy("sqs:SendMessage") }, aws);
  expect(id).toBe(queueUrl);
  expect(await queuePolicy.read(id, aws)).toEqual({ queueUrl, policy: policy("sqs:SendMessage") });
  await queuePolicy.update(id, { queueUrl, policy: policy("sqs:ReceiveMessage") }, outputs, aws);
  expect(await queuePolicy.read(id, aws)).toEqual({ queueUrl, policy: policy("sqs:ReceiveMessage") });
  await queuePolicy.delete(id, outputs, aws);
  expect(await queuePolicy.read(id, aws)).toBeUndefined();
});

test("a redrive allow policy decides which queues may redrive here", async () => {
  const { aws } = emulated;
  const { id: queueUrl } = await queue.create({ name: "letters" }, aws);
  const allowing = (sourceQueueArns: string[]) =>
    JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns });
  const inputs = { queueUrl, redriveAllowPolicy: allowing([arnOf("a")]) };
  const { id, outputs } = await redriveAllowPolicy.create(inputs, aws);
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["RedriveAllowPolicy"] }),
  );
  expect(Attributes).toEqual({ RedriveAllowPolicy: allowing([arnOf("a")]) });
  await redriveAllowPolicy.update(id, { queueUrl, redriveAllowPolicy: allowing([arnOf("b")]) }, outputs, aws);
  expect(await redriveAllowPolicy.read(id, aws)).toEqual({
    queueUrl,
    redriveAllowPolicy: allowing([arnOf("b")]),
  });
  await redriveAllowPolicy.delete(id, outputs, aws);
  expect(await redriveAllowPolicy.read(id, aws)).toBeUndefined();
});

test("deleting a queue's policy of a queue that is gone already succeeds", async () => {
  const { aws } = emulated;
  const { id: queueUrl, outputs } = await queue.create({ name: "gone" }, aws);
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "still there" }));
  await queue.delete(queueUrl, outputs, aws);
  await queuePolicy.delete(queueUrl, { queueUrl, policy: "{}" }, aws);
});
