import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { topic, topicPolicy, topicSubscription } from "../../../local/provider/sns.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("creates, reads, changes and deletes a topic", async () => {
  const { aws } = emulated;
  const inputs = { name: "notices", displayName: "Image pipeline", tags: { Project: "p" } };
  const { id, outputs } = await topic.create(inputs, aws);
  expect(id).toBe(`arn:aws:sns:${REGION}:${ACCOUNT}:notices`);
  expect(outputs).toMatchObject({ ...inputs, arn: id, owner: ACCOUNT, tagsAll: { Project: "p" } });
  expect(await topic.read(id, aws)).toMatchObject({ ...inputs, arn: id });
  await topic.update(id, { name: "notices", displayName: "Pictures", tags: { Stack: "s" } }, outputs, aws);
  const read = await topic.read(id, aws);
  expect(read).toMatchObject({ displayName: "Pictures" });
  expect(read?.["tags"]).toEqual({ Stack: "s" });
  await topic.delete(id, outputs, aws);
  expect(await topic.read(id, aws)).toBeUndefined();
  await topic.delete(id, outputs, aws);
});

test("sets a topic's policy, and gives the topic back to its account in the end", async () => {
  const { aws } = emulated;
  const { id: arn } = await topic.create({ name: "policed" }, aws);
  const policy = (sid: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: sid,
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
        },
      ],
    });
  const { id, outputs } = await topicPolicy.create({ arn, policy: policy("a") }, aws);
  expect(outputs).toEqual({ arn, policy: policy("a"), owner: ACCOUNT });
  await topicPolicy.update(id, { arn, policy: policy("b") }, outputs, aws);
  expect(await topicPolicy.read(id, aws)).toEqual({ arn, policy: policy("b"), owner: ACCOUNT });
  await topicPolicy.delete(id, outputs, aws);
  const { Attributes } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  expect(JSON.parse(Attributes?.["Policy"] ?? "")).toMatchObject({
    Statement: [{ Effect: "Allow", Condition: { StringEquals: { "AWS:SourceOwner": ACCOUNT } } }],
  });
});

test("subscribes an e-mail address, and unsubscribes it", async () => {
  const { aws } = emulated;
  const { id: topicArn } = await topic.create({ name: "mailed" }, aws);
  const inputs = { topic: topicArn, protocol: "email", endpoint: "you@example.com" };
  const { id, outputs } = await topicSubscription.create(inputs, aws);
  expect(id).toMatch(new RegExp(`^${topicArn}:[0-9a-f-]{36}$`));
  expect(outputs).toMatchObject({ ...inputs, arn: id, ownerId: ACCOUNT, rawMessageDelivery: false });
  expect(await topicSubscription.read(id, aws)).toMatchObject(inputs);
  const filtered = { ...inputs, filterPolicy: JSON.stringify({ state: ["FAILED"] }) };
  expect(await topicSubscription.update(id, filtered, outputs, aws)).toMatchObject(filtered);
  await topicSubscription.delete(id, outputs, aws);
  const { Subscriptions } = await aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  expect(Subscriptions).toEqual([]);
});
