import { CreatePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { role, rolePolicy } from "../../../local/provider/iam.ts";
import { ACCOUNT, emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const trust = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
const permission = (action: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });

test("creates, reads, changes and deletes a role", async () => {
  const { aws } = emulated;
  const inputs = {
    name: "processor",
    assumeRolePolicy: trust("lambda.amazonaws.com"),
    description: "works",
    tags: { Project: "p" },
  };
  const { id, outputs } = await role.create(inputs, aws);
  expect(id).toBe("processor");
  expect(outputs).toEqual({
    ...inputs,
    path: "/",
    maxSessionDuration: 3600,
    forceDetachPolicies: false,
    arn: `arn:aws:iam::${ACCOUNT}:role/processor`,
    createDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    uniqueId: expect.stringMatching(/^AROA/),
    tagsAll: { Project: "p" },
  });
  expect(await role.read(id, aws)).toMatchObject({ ...inputs, arn: outputs["arn"] });
  const changed = { name: "processor", assumeRolePolicy: trust("ec2.amazonaws.com"), tags: { Stack: "s" } };
  await role.update(id, changed, outputs, aws);
  const read = await role.read(id, aws);
  expect(read).toMatchObject({ assumeRolePolicy: trust("ec2.amazonaws.com") });
  expect(read?.["tags"]).toEqual({ Stack: "s" });
  await role.delete(id, changed, aws);
  expect(await role.read(id, aws)).toBeUndefined();
  await role.delete(id, changed, aws);
});

test("gives a role its boundary, another one, and none", async () => {
  const { aws } = emulated;
  const boundary = async (name: string): Promise<string> => {
    const { Policy } = await aws.iam.send(
      new CreatePolicyCommand({ PolicyName: name, PolicyDocument: permission("s3:GetObject") }),
    );
    return Policy?.Arn ?? "";
  };
  const [first, second] = [await boundary("first"), await boundary("second")];
  const inputs = { name: "bounded", assumeRolePolicy: trust("lambda.amazonaws.com") };
  const boundaryOf = async () => (await role.read("bounded", aws))?.["permissionsBoundary"];
  await role.create({ ...inputs, permissionsBoundary: first }, aws);
  expect(await boundaryOf()).toBe(first);
  await role.update(
    "bounded",
    { ...inputs, permissionsBoundary: second },
    { ...inputs, permissionsBoundary: first },
    aws,
  );
  expect(await boundaryOf()).toBe(second);
  await role.update("bounded", inputs, { ...inputs, permissionsBoundary: second }, aws);
  expect(await boundaryOf()).toBeUndefined();
});

test("puts, changes and deletes a role's policy", async () => {
  const { aws } = emulated;
  await role.create({ name: "granted", assumeRolePolicy: trust("lambda.amazonaws.com") }, aws);
  const inputs = { role: "granted", name: "work", policy: permission("s3:GetObject") };
  const { id, outputs } = await rolePolicy.create(inputs, aws);
  expect(id).toBe("granted:work");
  expect(await rolePolicy.read(id, aws)).toEqual(inputs);
  const changed = { ...inputs, policy: permission("s3:PutObject") };
  await rolePolicy.update(id, changed, outputs, aws);
  expect(await rolePolicy.read(id, aws)).toEqual(changed);
  await rolePolicy.delete(id, changed, aws);
  expect(await rolePolicy.read(id, aws)).toBeUndefined();
  await rolePolicy.delete(id, changed, aws);
});

test("a role that others gave policies is deleted only when forceDetachPolicies says so", async () => {
  const { aws } = emulated;
  const inputs = { name: "shared", assumeRolePolicy: trust("lambda.amazonaws.com") };
  const { id } = await role.create(inputs, aws);
  await aws.iam.send(
    new PutRolePolicyCommand({
      RoleName: "shared",
      PolicyName: "theirs",
      PolicyDocument: permission("s3:GetObject"),
    }),
  );
  await expect(role.delete(id, inputs, aws)).rejects.toMatchObject({
    name: expect.stringMatching(/^DeleteConflict/),
  });
  await role.delete(id, { ...inputs, forceDetachPolicies: true }, aws);
  expect(await role.read(id, aws)).toBeUndefined();
});
