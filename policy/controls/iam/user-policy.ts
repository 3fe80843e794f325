import { IAM_POLICY_ATTACHMENT, IAM_USER_ATTACHMENT, IAM_USER_POLICY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const iamUserPolicy = defineResourceControl({
  id: "IAM-019",
  name: "iam-user-policy",
  title: "Users get their permissions through groups.",
  severity: "low",
  level: "mandatory",
  why: "Permissions of single users are easily forgotten when people change jobs or leave.",
  remediation:
    "Attach the policy to a group or, better, to a role that people assume with temporary credentials.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-2",
  mappings: { fsbp: ["IAM.2"], cis: ["1.14"], nist: ["AC-2", "AC-3", "AC-6"] },
  services: ["iam"],
  types: [...IAM_USER_POLICY, ...IAM_USER_ATTACHMENT, ...IAM_POLICY_ATTACHMENT],
  parameters: noParameters,
  *check({ type, props }) {
    const attachesToMany = IAM_POLICY_ATTACHMENT.some((each) => each === type);
    if (attachesToMany && !props.has("users")) {
      yield notApplicable();
    } else if (!attachesToMany || props.strings("users").length > 0) {
      yield violation({
        key: "User::policy",
        message: "The policy must not be attached to a user directly.",
      });
    }
  },
});
