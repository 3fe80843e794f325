import { IAM_GROUP_POLICY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const iamGroupInlinePolicy = defineResourceControl({
  id: "IAM-020",
  name: "iam-group-inline-policy",
  title: "Groups use managed policies, not inline policies.",
  severity: "low",
  level: "advisory",
  why: "Inline policies can't be listed, versioned or reused, so the permissions of groups drift apart.",
  remediation: "Use an aws.iam.Policy and an aws.iam.GroupPolicyAttachment instead.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: IAM_GROUP_POLICY,
  parameters: noParameters,
  *check() {
    yield violation({ key: "Policy::inline", message: "The group's policy must be a managed policy." });
  },
});
