import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, tagList, tagRecord, tags } from "./resource.ts";

const ABSENT = ["NoSuchEntityException", "NoSuchEntity"];

/** IAM sends policy documents percent-encoded. */
const decoded = (document: string | undefined): string | undefined =>
  document === undefined ? undefined : decodeURIComponent(document);

const readRole = async (name: string, { iam }: Aws) =>
  (await unlessAbsent(ABSENT, iam.send(new GetRoleCommand({ RoleName: name }))))?.Role;

export const role = defineResource({
  schema: z.strictObject({
    name: z.string().min(1).max(64),
    assumeRolePolicy: z.string(),
    description: z.string().max(1000).optional(),
    path: z.string().default("/"),
    maxSessionDuration: z.int().min(3600).max(43_200).default(3600),
    permissionsBoundary: z.string().optional(),
    /** Detach managed policies and delete inline ones that others added, so that the role can be deleted. */
    forceDetachPolicies: z.boolean().default(false),
    tags,
  }),
  replaceOn: ["name", "path"],
  create: async (inputs, { iam }) => {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: inputs.name,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        Description: inputs.description,
        Path: inputs.path,
        MaxSessionDuration: inputs.maxSessionDuration,
        PermissionsBoundary: inputs.permissionsBoundary,
        ...(inputs.tags === undefined ? {} : { Tags: tagList(inputs.tags) }),
      }),
    );
    const created = present(Role, "role");
    return {
      id: inputs.name,
      outputs: {
        arn: created.Arn,
        createDate: created.CreateDate?.toISOString(),
        uniqueId: created.RoleId,
        tagsAll: inputs.tags ?? {},
      },
    };
  },
  read: async (id, aws) => {
    const found = await readRole(id, aws);
    return (
      found && {
        name: found.RoleName,
        arn: found.Arn,
        createDate: found.CreateDate?.toISOString(),
        uniqueId: found.RoleId,
        path: found.Path,
        assumeRolePolicy: decoded(found.AssumeRolePolicyDocument),
        maxSessionDuration: found.MaxSessionDuration,
        ...(found.Description === undefined ? {} : { description: found.Description }),
        ...(found.PermissionsBoundary === undefined
          ? {}
          : { permissionsBoundary: found.PermissionsBoundary.PermissionsBoundaryArn }),
        tags: tagRecord(found.Tags),
        tagsAll: tagRecord(found.Tags),
      }
    );
  },
  update: async (id, inputs, olds, aws) => {
    const { iam } = aws;
    await iam.send(
      new UpdateRoleCommand({
        RoleName: id,
        Description: inputs.description ?? "",
        MaxSessionDuration: inputs.maxSessionDuration,
      }),
    );
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument: inputs.assumeRolePolicy }),
    );
    const { permissionsBoundary } = inputs;
    if (permissionsBoundary !== undefined) {
      await iam.send(
        new PutRolePermissionsBoundaryCommand({ RoleName: id, PermissionsBoundary: permissionsBoundary }),
      );
    } else if (olds.permissionsBoundary !== undefined) {
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: id }));
    }
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await iam.send(new UntagRoleCommand({ RoleName: id, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await iam.send(new TagRoleCommand({ RoleName: id, Tags: tagList(inputs.tags) }));
    }
    const found = present(await readRole(id, aws), "role");
    return {
      arn: found.Arn,
      createDate: found.CreateDate?.toISOString(),
      uniqueId: found.RoleId,
      tagsAll: inputs.tags ?? {},
    };
  },
  delete: async (id, { forceDetachPolicies }, { iam }) => {
    if (forceDetachPolicies) {
      for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: id })) {
        for (const { PolicyArn } of page.AttachedPolicies ?? []) {
          await iam.send(new DetachRolePolicyCommand({ RoleName: id, PolicyArn }));
        }
      }
      for await (const page of paginateListRolePolicies({ client: iam }, { RoleName: id })) {
        for (const PolicyName of page.PolicyNames ?? []) {
          await iam.send(new DeleteRolePolicyCommand({ RoleName: id, PolicyName }));
        }
      }
    }
    await unlessAbsent(ABSENT, iam.send(new DeleteRoleCommand({ RoleName: id })));
  },
});

const putPolicy = (inputs: { role: string; name: string; policy: string }, { iam }: Aws) =>
  iam.send(
    new PutRolePolicyCommand({
      RoleName: inputs.role,
      PolicyName: inputs.name,
      PolicyDocument: inputs.policy,
    }),
  );

/** The id is `role:policy`; neither name may hold a colon. */
const partsOf = (id: string) => {
  const [roleName, policyName] = id.split(":");
  return { RoleName: present(roleName, "role name"), PolicyName: present(policyName, "policy name") };
};

export const rolePolicy = defineResource({
  schema: z.strictObject({
    name: z.string().min(1).max(128),
    role: z.string(),
    policy: z.string(),
  }),
  replaceOn: ["name", "role"],
  create: async (inputs, aws) => {
    await putPolicy(inputs, aws);
    return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
  },
  read: async (id, { iam }) => {
    const found = await unlessAbsent(ABSENT, iam.send(new GetRolePolicyCommand(partsOf(id))));
    return found && { name: found.PolicyName, role: found.RoleName, policy: decoded(found.PolicyDocument) };
  },
  update: async (_id, inputs, _olds, aws) => {
    await putPolicy(inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { iam }) => {
    await unlessAbsent(ABSENT, iam.send(new DeleteRolePolicyCommand(partsOf(id))));
  },
});
