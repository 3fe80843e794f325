import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PhysicalResource } from "./naming.ts";
import { policyDocument, type Statement } from "./permissions.ts";

export type RoleArgs = {
  readonly role: PhysicalResource;
  /** Who may assume it. */
  readonly trust: Statement;
  /** What it may do, all of it known at preview. */
  readonly statements: readonly Statement[];
  /** Use of the key, in a document of its own: its ARN is not known before the key exists. */
  readonly keyStatements: readonly pulumi.Input<Statement>[];
  /**
   * ARN of the managed policy beyond which the role may do nothing, whatever its documents say.
   * @default none
   */
  readonly permissionsBoundary?: string | undefined;
};

export type GrantedRole = {
  readonly role: aws.iam.Role;
  /** What whoever works with the role must wait for. */
  readonly grants: readonly aws.iam.RolePolicy[];
};

/** A role with two documents, and no managed policy. */
export const createRole = (name: string, args: RoleArgs, parent: pulumi.ComponentResource): GrantedRole => {
  const child = { parent };
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: args.role.name,
      assumeRolePolicy: policyDocument([args.trust]),
      ...(args.permissionsBoundary === undefined ? {} : { permissionsBoundary: args.permissionsBoundary }),
    },
    child,
  );
  const permissions = new aws.iam.RolePolicy(
    `${name}-permissions`,
    { name: "work", role: role.name, policy: policyDocument(args.statements) },
    child,
  );
  const keyPermissions = new aws.iam.RolePolicy(
    `${name}-key-permissions`,
    {
      name: "use-the-key",
      role: role.name,
      policy: pulumi.all([...args.keyStatements]).apply((statements) => policyDocument(statements)),
    },
    child,
  );
  return { role, grants: [permissions, keyPermissions] };
};
