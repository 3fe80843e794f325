import { IAM_GROUP_POLICY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const iamGroupInlinePolicy = defineResourceControl({
  id: "IAM-020",
  name: "iam-group-inline-policy",
  title: "Groups hold managed policies, not inline ones.",
  severity: "low",
  level: "advisory",
  why: "Inline policies of people's groups are neither listed, versioned nor reused, so they drift apart.",
  remediation: "Make it an aws.iam.Policy with an aws.iam.GroupPolicyAttachment.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: IAM_GROUP_POLICY,
  parameters: noParameters,
  *check() {
    yield violation({ key: "Policy::inline", message: "The group's policy must be a managed one." });
  },
});
