import { KMS_KEY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const kmsKeyRotation = defineResourceControl({
  id: "KMS-001",
  name: "kms-key-rotation",
  title: "KMS keys are rotated.",
  severity: "medium",
  level: "mandatory",
  why: "Rotation limits how much data is encrypted with the same key material. AWS keeps earlier key material, so no data needs to be re-encrypted.",
  remediation: "Set enableKeyRotation to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-4",
  mappings: { fsbp: [], cis: ["3.6"], nist: ["SC-12", "SC-28"] },
  services: ["kms"],
  types: KMS_KEY,
  parameters: noParameters,
  *check({ props }) {
    if (props.boolean("enableKeyRotation") === true) return;
    if (!canRotate(props)) {
      yield notApplicable();
      return;
    }
    yield violation({ key: "Rotation::disabled", message: "`enableKeyRotation` must be true." });
  },
  remediate: ({ props }) => (canRotate(props) ? { enableKeyRotation: true } : {}),
});

/** KMS can rotate only symmetric encryption keys whose key material it creates and stores itself. */
const canRotate = (props: Properties): boolean =>
  (props.string("keyUsage") ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
  (props.string("customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
  !props.has("customKeyStoreId") &&
  !props.has("xksKeyId");
