import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  PutKeyPolicyCommand,
  paginateListAliases,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tags } from "./resource.ts";

const ABSENT = ["NotFoundException"];
const POLICY_NAME = "default";

const kmsTags = (all: Tags) => Object.entries(all ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

const setRotation = (id: string, enabled: boolean, periodInDays: number | undefined, { kms }: Aws) =>
  enabled
    ? kms.send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: periodInDays }))
    : kms.send(new DisableKeyRotationCommand({ KeyId: id }));

/** The key, unless it is gone or waits for its deletion. */
const describeKey = async (id: string, { kms }: Aws) => {
  const answer = await unlessAbsent(ABSENT, kms.send(new DescribeKeyCommand({ KeyId: id })));
  const key = answer?.KeyMetadata;
  return key?.KeyState === "PendingDeletion" ? undefined : key;
};

export const key = defineResource({
  schema: z.strictObject({
    description: z.string().optional(),
    keyUsage: z.enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"]).default("ENCRYPT_DECRYPT"),
    multiRegion: z.boolean().default(false),
    enableKeyRotation: z.boolean().default(false),
    rotationPeriodInDays: z.int().min(90).max(2560).optional(),
    deletionWindowInDays: z.int().min(7).max(30).default(30),
    isEnabled: z.boolean().default(true),
    policy: z.string().optional(),
    tags,
  }),
  replaceOn: ["keyUsage", "multiRegion"],
  create: async (inputs, aws) => {
    const { KeyMetadata } = await aws.kms.send(
      new CreateKeyCommand({
        Description: inputs.description,
        KeyUsage: inputs.keyUsage,
        MultiRegion: inputs.multiRegion,
        Policy: inputs.policy,
        Tags: kmsTags(inputs.tags),
      }),
    );
    const id = present(KeyMetadata?.KeyId, "key id");
    if (inputs.enableKeyRotation) {
      await setRotation(id, true, inputs.rotationPeriodInDays, aws);
    }
    if (!inputs.isEnabled) {
      await aws.kms.send(new DisableKeyCommand({ KeyId: id }));
    }
    return { id, outputs: { arn: KeyMetadata?.Arn, keyId: id, tagsAll: inputs.tags ?? {} } };
  },
  read: async (id, aws) => {
    const found = await describeKey(id, aws);
    if (found === undefined) {
      return undefined;
    }
    const [rotation, policy] = await Promise.all([
      aws.kms.send(new GetKeyRotationStatusCommand({ KeyId: id })),
      aws.kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME })),
    ]);
    return {
      arn: found.Arn,
      keyId: found.KeyId,
      description: found.Description,
      keyUsage: found.KeyUsage,
      multiRegion: found.MultiRegion ?? false,
      isEnabled: found.Enabled,
      enableKeyRotation: rotation.KeyRotationEnabled ?? false,
      policy: policy.Policy,
    };
  },
  update: async (id, inputs, olds, aws) => {
    const { kms } = aws;
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: inputs.description ?? "" }));
    if (inputs.isEnabled && !olds.isEnabled) {
      await kms.send(new EnableKeyCommand({ KeyId: id }));
    }
    if (
      inputs.enableKeyRotation !== olds.enableKeyRotation ||
      inputs.rotationPeriodInDays !== olds.rotationPeriodInDays
    ) {
      await setRotation(id, inputs.enableKeyRotation, inputs.rotationPeriodInDays, aws);
    }
    if (inputs.policy !== undefined && inputs.policy !== olds.policy) {
      await kms.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME, Policy: inputs.policy }));
    }
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await kms.send(new UntagResourceCommand({ KeyId: id, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await kms.send(new TagResourceCommand({ KeyId: id, Tags: kmsTags(inputs.tags) }));
    }
    if (!inputs.isEnabled && olds.isEnabled) {
      await kms.send(new DisableKeyCommand({ KeyId: id }));
    }
    const found = present(await describeKey(id, aws), "key");
    return { arn: found.Arn, keyId: id, tagsAll: inputs.tags ?? {} };
  },
  delete: async (id, inputs, aws) => {
    if ((await describeKey(id, aws)) !== undefined) {
      await aws.kms.send(
        new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: inputs.deletionWindowInDays }),
      );
    }
  },
});

const findAlias = async (name: string, { kms }: Aws) => {
  for await (const page of paginateListAliases({ client: kms }, {})) {
    const found = page.Aliases?.find(({ AliasName }) => AliasName === name);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
};

const aliasOutputs = async (name: string, targetKeyId: string, aws: Aws) => ({
  arn: present((await findAlias(name, aws))?.AliasArn, "alias"),
  targetKeyArn: present((await describeKey(targetKeyId, aws))?.Arn, "key"),
});

export const alias = defineResource({
  schema: z.strictObject({ name: z.string().startsWith("alias/"), targetKeyId: z.string() }),
  replaceOn: ["name"],
  create: async ({ name, targetKeyId }, aws) => {
    await aws.kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: targetKeyId }));
    return { id: name, outputs: await aliasOutputs(name, targetKeyId, aws) };
  },
  read: async (id, aws) => {
    const found = await findAlias(id, aws);
    return found && { name: id, arn: found.AliasArn, targetKeyId: found.TargetKeyId };
  },
  update: async (id, { targetKeyId }, _olds, aws) => {
    await aws.kms.send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: targetKeyId }));
    return aliasOutputs(id, targetKeyId, aws);
  },
  delete: async (id, _inputs, { kms }) => {
    await unlessAbsent(ABSENT, kms.send(new DeleteAliasCommand({ AliasName: id })));
  },
});

/** The policy of a key that was given none: the account's own IAM policies decide. */
const accountDecides = (keyArn: string): string => {
  const [, partition, , , accountId] = keyArn.split(":");
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
};

const putKeyPolicy = (id: string, policy: string, { kms }: Aws) =>
  kms.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME, Policy: policy }));

export const keyPolicy = defineResource({
  schema: z.strictObject({ keyId: z.string(), policy: z.string() }),
  replaceOn: ["keyId"],
  create: async ({ keyId, policy }, aws) => {
    await putKeyPolicy(keyId, policy, aws);
    return { id: keyId, outputs: {} };
  },
  read: async (id, { kms }) => {
    const answer = await unlessAbsent(
      ABSENT,
      kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME })),
    );
    return answer && { keyId: id, policy: answer.Policy };
  },
  update: async (id, { policy }, _olds, aws) => {
    await putKeyPolicy(id, policy, aws);
    return {};
  },
  delete: async (id, _inputs, aws) => {
    const found = await describeKey(id, aws);
    if (found?.Arn !== undefined) {
      await putKeyPolicy(id, accountDecides(found.Arn), aws);
    }
  },
});
