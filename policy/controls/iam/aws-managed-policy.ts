import { z } from "zod";
import { awsManagedPolicies } from "../../aws/managed-policies.ts";
import {
  IAM_GROUP_ATTACHMENT,
  IAM_POLICY_ATTACHMENT,
  IAM_ROLE,
  IAM_ROLE_ATTACHMENT,
  IAM_ROLE_ATTACHMENTS_EXCLUSIVE,
  IAM_USER_ATTACHMENT,
  SSO_MANAGED_POLICY_ATTACHMENT,
} from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";
import { globMatches } from "../../engine/wildcard.ts";

const PROPERTIES: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...IAM_GROUP_ATTACHMENT, ...IAM_POLICY_ATTACHMENT, ...IAM_ROLE_ATTACHMENT, ...IAM_USER_ATTACHMENT].map(
    (type) => [type, "policyArn"],
  ),
  ...IAM_ROLE.map((type) => [type, "managedPolicyArns"]),
  ...IAM_ROLE_ATTACHMENTS_EXCLUSIVE.map((type) => [type, "policyArns"]),
  ...SSO_MANAGED_POLICY_ATTACHMENT.map((type) => [type, "managedPolicyArn"]),
]);

/** AWS wrote these for whole services, or for people who run an account. */
const BROAD = [
  "*Administrator*",
  "*FullAccess*",
  "*PowerUser*",
  "*ReadOnlyAccess*",
  "AWSLambdaRole",
  "AmazonEC2RoleforSSM",
  "AmazonElasticMapReduce*",
  "DataScientist",
  "SecurityAudit",
  "ViewOnlyAccess",
];

export const iamAwsManagedPolicy = defineResourceControl({
  id: "IAM-012",
  name: "iam-aws-managed-policy",
  title: "Identities have no broad AWS-managed policies.",
  severity: "high",
  level: "mandatory",
  why: "Such a policy covers a whole service or account, on all resources, and AWS can extend it at any time.",
  remediation: "Write a policy with only the actions and resources that are used.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: Object.keys(PROPERTIES),
  parameters: z.strictObject({
    broad: z
      .array(z.string().min(1))
      .default(BROAD)
      .describe("Names of policies that are too broad; `*` matches any characters."),
    allowed: z
      .array(z.string().min(1))
      .default([])
      .describe("Names of policies to allow even if `broad` lists them; `*` matches any characters."),
  }),
  *check(resource, { parameters }) {
    const property = PROPERTIES[resource.type];
    if (property === undefined || !resource.props.has(property)) {
      yield notApplicable();
      return;
    }
    const isListed = (names: readonly string[], policy: string) =>
      names.some((name) => globMatches(name, policy));
    for (const policy of awsManagedPolicies(resource, property)) {
      if (!isListed(parameters.broad, policy) || isListed(parameters.allowed, policy)) continue;
      yield violation({
        key: `Policy::${policy}`,
        message: `\`${property}\` must not attach the AWS-managed policy ${policy}, because it is too broad.`,
      });
    }
  },
});
