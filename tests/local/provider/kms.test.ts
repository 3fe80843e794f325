import { DescribeKeyCommand, GetKeyPolicyCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { alias, key, keyPolicy } from "../../../local/provider/kms.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const policy = (sid: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: sid,
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });

test("creates, reads, changes and schedules the deletion of a key", async () => {
  const { aws } = emulated;
  const inputs = {
    description: "first",
    enableKeyRotation: true,
    policy: policy("a"),
    tags: { Project: "p" },
  };
  const { id, outputs } = await key.create(inputs, aws);
  expect(outputs).toEqual({
    ...inputs,
    keyUsage: "ENCRYPT_DECRYPT",
    multiRegion: false,
    deletionWindowInDays: 30,
    isEnabled: true,
    arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
    keyId: id,
    tagsAll: { Project: "p" },
  });
  expect(await key.read(id, aws)).toEqual({
    arn: outputs["arn"],
    keyId: id,
    description: "first",
    keyUsage: "ENCRYPT_DECRYPT",
    multiRegion: false,
    isEnabled: true,
    enableKeyRotation: true,
    policy: policy("a"),
  });

  const changed = {
    description: "second",
    policy: policy("b"),
    deletionWindowInDays: 7,
    tags: { Stack: "s" },
  };
  expect(await key.update(id, changed, outputs, aws)).toMatchObject({
    ...changed,
    arn: outputs["arn"],
    keyId: id,
  });
  expect(await key.read(id, aws)).toMatchObject({
    description: "second",
    enableKeyRotation: false,
    policy: policy("b"),
  });
  const { Tags } = await aws.kms.send(new ListResourceTagsCommand({ KeyId: id }));
  expect(Tags).toEqual([{ TagKey: "Stack", TagValue: "s" }]);

  await key.delete(id, changed, aws);
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: id }));
  expect(KeyMetadata?.KeyState).toBe("PendingDeletion");
  expect(await key.read(id, aws)).toBeUndefined();
  await key.delete(id, changed, aws);
});

test("creates, moves and deletes an alias", async () => {
  const { aws } = emulated;
  const first = await key.create({}, aws);
  const second = await key.create({}, aws);
  const { id, outputs } = await alias.create({ name: "alias/one", targetKeyId: first.id }, aws);
  expect(id).toBe("alias/one");
  expect(outputs).toEqual({
    name: "alias/one",
    targetKeyId: first.id,
    arn: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/one`,
    targetKeyArn: first.outputs["arn"],
  });
  const moved = await alias.update(id, { name: "alias/one", targetKeyId: second.id }, outputs, aws);
  expect(moved["targetKeyArn"]).toBe(second.outputs["arn"]);
  expect(await alias.read(id, aws)).toEqual({
    name: "alias/one",
    arn: outputs["arn"],
    targetKeyId: second.id,
  });
  await alias.delete(id, moved, aws);
  expect(await alias.read(id, aws)).toBeUndefined();
});

test("sets a key's policy, and gives the key back to its account in the end", async () => {
  const { aws } = emulated;
  const { id: keyId } = await key.create({}, aws);
  const { id, outputs } = await keyPolicy.create({ keyId, policy: policy("c") }, aws);
  expect(await keyPolicy.read(id, aws)).toEqual({ keyId, policy: policy("c") });
  await keyPolicy.update(id, { keyId, policy: policy("d") }, outputs, aws);
  expect(await keyPolicy.read(id, aws)).toEqual({ keyId, policy: policy("d") });
  await keyPolicy.delete(id, outputs, aws);
  const { Policy } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: "default" }));
  expect(JSON.parse(Policy ?? "")).toMatchObject({
    Statement: [{ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*" }],
  });
});
