import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tagList, tagRecord, tags } from "./resource.ts";

const ABSENT = ["NotFoundException", "NotFound"];

const given = (attributes: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const topicSchema = z.strictObject({
  name: z.string().min(1).max(256),
  displayName: z.string().max(100).optional(),
  kmsMasterKeyId: z.string().optional(),
  policy: z.string().optional(),
  deliveryPolicy: z.string().optional(),
  tracingConfig: z.enum(["Active", "PassThrough"]).optional(),
  signatureVersion: z.int().min(1).max(2).optional(),
  tags,
});

const topicAttributes = (topic: z.output<typeof topicSchema>) =>
  given({
    DisplayName: topic.displayName,
    KmsMasterKeyId: topic.kmsMasterKeyId,
    Policy: topic.policy,
    DeliveryPolicy: topic.deliveryPolicy,
    TracingConfig: topic.tracingConfig,
    SignatureVersion: topic.signatureVersion?.toString(),
  });

const readTopic = async (arn: string, { sns }: Aws) =>
  (await unlessAbsent(ABSENT, sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))))?.Attributes;

const topicOutputs = async (arn: string, inputTags: Tags, aws: Aws) => {
  const found = present(await readTopic(arn, aws), "topic");
  return { arn, owner: found["Owner"], policy: found["Policy"], tagsAll: inputTags ?? {} };
};

const setTopicAttribute = (arn: string, name: string, value: string, { sns }: Aws) =>
  sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: name, AttributeValue: value }));

export const topic = defineResource({
  schema: topicSchema,
  replaceOn: ["name"],
  create: async (inputs, aws) => {
    const { TopicArn } = await aws.sns.send(
      new CreateTopicCommand({
        Name: inputs.name,
        Attributes: topicAttributes(inputs),
        Tags: tagList(inputs.tags),
      }),
    );
    const id = present(TopicArn, "topic ARN");
    return { id, outputs: await topicOutputs(id, inputs.tags, aws) };
  },
  read: async (id, aws) => {
    const found = await readTopic(id, aws);
    if (found === undefined) {
      return undefined;
    }
    const listed = await aws.sns.send(new ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      arn: id,
      owner: found["Owner"],
      name: id.slice(id.lastIndexOf(":") + 1),
      displayName: found["DisplayName"],
      kmsMasterKeyId: found["KmsMasterKeyId"],
      policy: found["Policy"],
      tags: tagRecord(listed.Tags),
      tagsAll: tagRecord(listed.Tags),
    };
  },
  update: async (id, inputs, olds, aws) => {
    const wanted = topicAttributes(inputs);
    const before = topicAttributes(olds);
    for (const name of Object.keys({ ...before, ...wanted })) {
      if (wanted[name] !== before[name]) {
        await setTopicAttribute(id, name, wanted[name] ?? "", aws);
      }
    }
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await aws.sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await aws.sns.send(new TagResourceCommand({ ResourceArn: id, Tags: tagList(inputs.tags) }));
    }
    return topicOutputs(id, inputs.tags, aws);
  },
  delete: async (id, _inputs, { sns }) => {
    await unlessAbsent(ABSENT, sns.send(new DeleteTopicCommand({ TopicArn: id })));
  },
});

/** The policy of a topic that was given none: its account may use it. */
const ownerOnly = (arn: string, owner: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"]
          .concat("DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish")
          .map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": owner } },
      },
    ],
  });

export const topicPolicy = defineResource({
  schema: z.strictObject({ arn: z.string(), policy: z.string() }),
  replaceOn: ["arn"],
  create: async ({ arn, policy }, aws) => {
    await setTopicAttribute(arn, "Policy", policy, aws);
    return { id: arn, outputs: { owner: (await readTopic(arn, aws))?.["Owner"] } };
  },
  read: async (id, aws) => {
    const found = await readTopic(id, aws);
    return found && { arn: id, owner: found["Owner"], policy: found["Policy"] };
  },
  update: async (id, { policy }, _olds, aws) => {
    await setTopicAttribute(id, "Policy", policy, aws);
    return { owner: (await readTopic(id, aws))?.["Owner"] };
  },
  delete: async (id, _inputs, aws) => {
    const owner = (await readTopic(id, aws))?.["Owner"];
    if (owner !== undefined) {
      await setTopicAttribute(id, "Policy", ownerOnly(id, owner), aws);
    }
  },
});

const subscriptionSchema = z.strictObject({
  topic: z.string(),
  protocol: z.enum(["email", "email-json", "sqs", "https"]),
  endpoint: z.string(),
  rawMessageDelivery: z.boolean().default(false),
  filterPolicy: z.string().optional(),
  filterPolicyScope: z.enum(["MessageAttributes", "MessageBody"]).optional(),
  redrivePolicy: z.string().optional(),
});

const subscriptionAttributes = (subscription: z.output<typeof subscriptionSchema>) =>
  given({
    // AWS knows it for these two protocols only, and refuses it, even false, for e-mail.
    RawMessageDelivery: ["sqs", "https"].includes(subscription.protocol)
      ? String(subscription.rawMessageDelivery)
      : undefined,
    FilterPolicy: subscription.filterPolicy,
    FilterPolicyScope: subscription.filterPolicyScope,
    RedrivePolicy: subscription.redrivePolicy,
  });

const readSubscription = async (arn: string, { sns }: Aws) =>
  (await unlessAbsent(ABSENT, sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))))
    ?.Attributes;

const subscriptionOutputs = (arn: string, found: Record<string, string> | undefined) => ({
  arn,
  ownerId: found?.["Owner"],
  pendingConfirmation: found?.["PendingConfirmation"] === "true",
  confirmationWasAuthenticated: found?.["ConfirmationWasAuthenticated"] === "true",
});

export const topicSubscription = defineResource({
  schema: subscriptionSchema,
  replaceOn: ["topic", "protocol", "endpoint"],
  create: async (inputs, aws) => {
    const { SubscriptionArn } = await aws.sns.send(
      new SubscribeCommand({
        TopicArn: inputs.topic,
        Protocol: inputs.protocol,
        Endpoint: inputs.endpoint,
        Attributes: subscriptionAttributes(inputs),
        ReturnSubscriptionArn: true,
      }),
    );
    const id = present(SubscriptionArn, "subscription ARN");
    return { id, outputs: subscriptionOutputs(id, await readSubscription(id, aws)) };
  },
  read: async (id, aws) => {
    const found = await readSubscription(id, aws);
    return (
      found && {
        ...subscriptionOutputs(id, found),
        topic: found["TopicArn"],
        protocol: found["Protocol"],
        endpoint: found["Endpoint"],
        rawMessageDelivery: found["RawMessageDelivery"] === "true",
      }
    );
  },
  update: async (id, inputs, olds, aws) => {
    const wanted = subscriptionAttributes(inputs);
    const before = subscriptionAttributes(olds);
    for (const name of Object.keys({ ...before, ...wanted })) {
      if (wanted[name] !== before[name]) {
        await aws.sns.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: id,
            AttributeName: name,
            AttributeValue: wanted[name] ?? "",
          }),
        );
      }
    }
    return subscriptionOutputs(id, await readSubscription(id, aws));
  },
  delete: async (id, _inputs, { sns }) => {
    await unlessAbsent(ABSENT, sns.send(new UnsubscribeCommand({ SubscriptionArn: id })));
  },
});
