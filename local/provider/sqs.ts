import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, tags } from "./resource.ts";

const ABSENT = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

const queueSchema = z.strictObject({
  name: z.string().min(1).max(80),
  delaySeconds: z.int().min(0).max(900).default(0),
  maxMessageSize: z.int().min(1024).max(1_048_576).default(262_144),
  messageRetentionSeconds: z.int().min(60).max(1_209_600).default(345_600),
  receiveWaitTimeSeconds: z.int().min(0).max(20).default(0),
  visibilityTimeoutSeconds: z.int().min(0).max(43_200).default(30),
  kmsMasterKeyId: z.string().optional(),
  kmsDataKeyReusePeriodSeconds: z.int().min(60).max(86_400).default(300),
  sqsManagedSseEnabled: z.boolean().optional(),
  policy: z.string().optional(),
  redrivePolicy: z.string().optional(),
  redriveAllowPolicy: z.string().optional(),
  tags,
});

/** AWS takes every attribute as text; an empty one removes it. */
const attributes = (queue: z.output<typeof queueSchema>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      DelaySeconds: queue.delaySeconds,
      MaximumMessageSize: queue.maxMessageSize,
      MessageRetentionPeriod: queue.messageRetentionSeconds,
      ReceiveMessageWaitTimeSeconds: queue.receiveWaitTimeSeconds,
      VisibilityTimeout: queue.visibilityTimeoutSeconds,
      KmsMasterKeyId: queue.kmsMasterKeyId,
      KmsDataKeyReusePeriodSeconds:
        queue.kmsMasterKeyId === undefined ? undefined : queue.kmsDataKeyReusePeriodSeconds,
      SqsManagedSseEnabled: queue.sqsManagedSseEnabled,
      Policy: queue.policy,
      RedrivePolicy: queue.redrivePolicy,
      RedriveAllowPolicy: queue.redriveAllowPolicy,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const readAttributes = async (url: string, { sqs }: Aws) =>
  (
    await unlessAbsent(
      ABSENT,
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
    )
  )?.Attributes;

const queueOutputs = async (url: string, inputTags: z.output<typeof tags>, aws: Aws) => ({
  arn: present((await readAttributes(url, aws))?.["QueueArn"], "queue ARN"),
  url,
  tagsAll: inputTags ?? {},
});

export const queue = defineResource({
  schema: queueSchema,
  replaceOn: ["name"],
  create: async (inputs, aws) => {
    const { QueueUrl } = await aws.sqs.send(
      new CreateQueueCommand({ QueueName: inputs.name, Attributes: attributes(inputs), tags: inputs.tags }),
    );
    const id = present(QueueUrl, "queue URL");
    return { id, outputs: await queueOutputs(id, inputs.tags, aws) };
  },
  read: async (id, aws) => {
    const found = await readAttributes(id, aws);
    if (found === undefined) {
      return undefined;
    }
    const { Tags } = await aws.sqs.send(new ListQueueTagsCommand({ QueueUrl: id }));
    return {
      url: id,
      arn: found["QueueArn"],
      delaySeconds: Number(found["DelaySeconds"]),
      maxMessageSize: Number(found["MaximumMessageSize"]),
      messageRetentionSeconds: Number(found["MessageRetentionPeriod"]),
      receiveWaitTimeSeconds: Number(found["ReceiveMessageWaitTimeSeconds"]),
      visibilityTimeoutSeconds: Number(found["VisibilityTimeout"]),
      kmsMasterKeyId: found["KmsMasterKeyId"],
      policy: found["Policy"],
      redrivePolicy: found["RedrivePolicy"],
      redriveAllowPolicy: found["RedriveAllowPolicy"],
      tags: Tags ?? {},
      tagsAll: Tags ?? {},
    };
  },
  update: async (id, inputs, olds, aws) => {
    const { sqs } = aws;
    const wanted = attributes(inputs);
    const removed = Object.keys(attributes(olds)).filter((name) => wanted[name] === undefined);
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: id,
        Attributes: { ...Object.fromEntries(removed.map((name) => [name, ""])), ...wanted },
      }),
    );
    const removedKeys = removedTags(olds.tags, inputs.tags);
    if (removedKeys.length > 0) {
      await sqs.send(new UntagQueueCommand({ QueueUrl: id, TagKeys: removedKeys }));
    }
    if (inputs.tags !== undefined) {
      await sqs.send(new TagQueueCommand({ QueueUrl: id, Tags: inputs.tags }));
    }
    return queueOutputs(id, inputs.tags, aws);
  },
  delete: async (id, _inputs, { sqs }) => {
    await unlessAbsent(ABSENT, sqs.send(new DeleteQueueCommand({ QueueUrl: id })));
  },
});

const setAttribute = (url: string, name: QueueAttributeName, value: string, { sqs }: Aws) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [name]: value } }));

export const queuePolicy = defineResource({
  schema: z.strictObject({ queueUrl: z.string(), policy: z.string() }),
  replaceOn: ["queueUrl"],
  create: async ({ queueUrl, policy }, aws) => {
    await setAttribute(queueUrl, "Policy", policy, aws);
    return { id: queueUrl, outputs: {} };
  },
  read: async (id, aws) => {
    const policy = (await readAttributes(id, aws))?.["Policy"];
    return policy ? { queueUrl: id, policy } : undefined;
  },
  update: async (id, { policy }, _olds, aws) => {
    await setAttribute(id, "Policy", policy, aws);
    return {};
  },
  delete: async (id, _inputs, aws) => {
    await unlessAbsent(ABSENT, setAttribute(id, "Policy", "", aws));
  },
});

export const redriveAllowPolicy = defineResource({
  schema: z.strictObject({ queueUrl: z.string(), redriveAllowPolicy: z.string() }),
  replaceOn: ["queueUrl"],
  create: async (inputs, aws) => {
    await setAttribute(inputs.queueUrl, "RedriveAllowPolicy", inputs.redriveAllowPolicy, aws);
    return { id: inputs.queueUrl, outputs: {} };
  },
  read: async (id, aws) => {
    const found = (await readAttributes(id, aws))?.["RedriveAllowPolicy"];
    return found ? { queueUrl: id, redriveAllowPolicy: found } : undefined;
  },
  update: async (id, inputs, _olds, aws) => {
    await setAttribute(id, "RedriveAllowPolicy", inputs.redriveAllowPolicy, aws);
    return {};
  },
  delete: async (id, _inputs, aws) => {
    await unlessAbsent(ABSENT, setAttribute(id, "RedriveAllowPolicy", "", aws));
  },
});
