import { KMS_ANY_KEY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const kmsKeyEnabled = defineResourceControl({
  id: "KMS-003",
  name: "kms-key-enabled",
  title: "KMS keys are enabled.",
  severity: "medium",
  level: "mandatory",
  why: "While its key is disabled, nothing that is encrypted with it can be read or written.",
  remediation: "Leave isEnabled (or enabled) out, or set it to true; exempt a key that is to be retired.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["kms"],
  types: KMS_ANY_KEY,
  parameters: noParameters,
  *check({ props }) {
    // The two kinds of keys call it by two names.
    for (const property of ["isEnabled", "enabled"]) {
      if (props.boolean(property) !== false) continue;
      yield violation({ key: "Key::disabled", message: `\`${property}\` must not be false.` });
    }
  },
});
