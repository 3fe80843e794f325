import { KMS_ANY_KEY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const kmsKeyEnabled = defineResourceControl({
  id: "KMS-003",
  name: "kms-key-enabled",
  title: "KMS keys are enabled.",
  severity: "medium",
  level: "mandatory",
  why: "Data encrypted with a disabled key can't be read or written.",
  remediation: "Leave isEnabled (or enabled) unset, or set it to true. Exempt a key that is being retired.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["kms"],
  types: KMS_ANY_KEY,
  parameters: noParameters,
  *check({ props }) {
    // KMS keys and external keys use different names for it.
    for (const property of ["isEnabled", "enabled"]) {
      if (props.boolean(property) !== false) continue;
      yield violation({ key: "Key::disabled", message: `\`${property}\` must not be false.` });
    }
  },
});
