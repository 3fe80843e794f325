import { KMS_ANY_KEY, KMS_KEY_POLICY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const kmsKeyLockoutCheck = defineResourceControl({
  id: "KMS-004",
  name: "kms-key-lockout-check",
  title: "KMS checks that a key's policy leaves the key manageable.",
  severity: "high",
  level: "mandatory",
  why: "Without the check, KMS accepts a policy that names no administrator. Only AWS Support can then make the key manageable again.",
  remediation: "Leave bypassPolicyLockoutSafetyCheck unset.",
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
