import { KMS_ANY_KEY, KMS_KEY_POLICY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const kmsKeyLockoutCheck = defineResourceControl({
  id: "KMS-004",
  name: "kms-key-lockout-check",
  title: "KMS checks that a key's policy locks nobody out.",
  severity: "high",
  level: "mandatory",
  why: "Without the check a policy that names no administrator is accepted, and then only AWS's support can make the key manageable again.",
  remediation: "Leave bypassPolicyLockoutSafetyCheck out.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["kms"],
  types: [...KMS_ANY_KEY, ...KMS_KEY_POLICY],
  parameters: noParameters,
  *check({ props }) {
    if (props.boolean("bypassPolicyLockoutSafetyCheck") !== true) return;
    yield violation({
      key: "LockoutCheck::bypassed",
      message: "`bypassPolicyLockoutSafetyCheck` must not be true.",
    });
  },
  remediate: ({ props }) =>
    props.has("bypassPolicyLockoutSafetyCheck") ? { bypassPolicyLockoutSafetyCheck: false } : {},
});
