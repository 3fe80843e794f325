import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tags } from "./resource.ts";

const ABSENT = ["ResourceNotFoundException"];
/** What Pulumi calls a group whose lines are kept for ever. */
const NEVER_EXPIRES = 0;

const findGroup = async (name: string, { logs }: Aws) => {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups?.find(({ logGroupName }) => logGroupName === name);
};

/** The ARN as IAM and Pulumi name a group, without CloudWatch's `:*` for its streams. */
const groupArn = (arn: string | undefined): string => present(arn, "log group ARN").replace(/:\*$/, "");

const setRetention = (name: string, days: number, { logs }: Aws) =>
  days === NEVER_EXPIRES
    ? logs.send(new DeleteRetentionPolicyCommand({ logGroupName: name }))
    : logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));

const groupOutputs = async (name: string, inputTags: Tags, aws: Aws) => ({
  arn: groupArn((await findGroup(name, aws))?.arn),
  tagsAll: inputTags ?? {},
});

export const logGroup = defineResource({
  schema: z.strictObject({
    name: z.string().min(1).max(512),
    retentionInDays: z.int().min(NEVER_EXPIRES).default(NEVER_EXPIRES),
    kmsKeyId: z.string().optional(),
    logGroupClass: z.enum(LogGroupClass).default("STANDARD"),
    /** Keep the group and its lines when the resource is deleted. */
    skipDestroy: z.boolean().default(false),
    tags,
  }),
  replaceOn: ["name", "logGroupClass"],
  create: async (inputs, aws) => {
    await aws.logs.send(
      new CreateLogGroupCommand({
        logGroupName: inputs.name,
        kmsKeyId: inputs.kmsKeyId,
        logGroupClass: inputs.logGroupClass,
        tags: inputs.tags,
      }),
    );
    if (inputs.retentionInDays !== NEVER_EXPIRES) {
      await setRetention(inputs.name, inputs.retentionInDays, aws);
    }
    return { id: inputs.name, outputs: await groupOutputs(inputs.name, inputs.tags, aws) };
  },
  read: async (id, aws) => {
    const found = await findGroup(id, aws);
    return (
      found && {
        name: id,
        arn: groupArn(found.arn),
        retentionInDays: found.retentionInDays ?? NEVER_EXPIRES,
        ...(found.kmsKeyId === undefined ? {} : { kmsKeyId: found.kmsKeyId }),
      }
    );
  },
  update: async (id, inputs, olds, aws) => {
    const { logs } = aws;
    if (inputs.retentionInDays !== olds.retentionInDays) {
      await setRetention(id, inputs.retentionInDays, aws);
    }
    if (inputs.kmsKeyId === undefined && olds.kmsKeyId !== undefined) {
      await logs.send(new DisassociateKmsKeyCommand({ logGroupName: id }));
    } else if (inputs.kmsKeyId !== olds.kmsKeyId) {
      await logs.send(new AssociateKmsKeyCommand({ logGroupName: id, kmsKeyId: inputs.kmsKeyId }));
    }
    const outputs = await groupOutputs(id, inputs.tags, aws);
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await logs.send(new UntagResourceCommand({ resourceArn: outputs.arn, tagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await logs.send(new TagResourceCommand({ resourceArn: outputs.arn, tags: inputs.tags }));
    }
    return outputs;
  },
  delete: async (id, { skipDestroy }, { logs }) => {
    if (!skipDestroy) {
      await unlessAbsent(ABSENT, logs.send(new DeleteLogGroupCommand({ logGroupName: id })));
    }
  },
});
