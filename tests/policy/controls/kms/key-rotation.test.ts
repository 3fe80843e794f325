import { describe, expect, it } from "vitest";
import { kmsKeyRotation } from "../../../../policy/controls/kms/key-rotation.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const key = (props: object) => resource({ type: "aws:kms/key:Key", props });
const UNROTATABLE = [
  ["for signing", { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256" }],
  ["with an asymmetric key pair", { customerMasterKeySpec: "RSA_4096" }],
  ["in a custom key store", { customKeyStoreId: "cks-1234567890abcdef0" }],
  ["stored outside AWS", { xksKeyId: "bb8562717f809024" }],
] as const;

describe("KMS-001 kms-key-rotation", () => {
  it("accepts a key that is rotated", () => {
    expect(judge(kmsKeyRotation, key({ enableKeyRotation: true })).outcome).toBe("compliant");
  });

  it.each([
    ["no rotation setting", {}],
    ["rotation disabled", { enableKeyRotation: false }],
    ["an explicit key usage", { keyUsage: "ENCRYPT_DECRYPT", customerMasterKeySpec: "SYMMETRIC_DEFAULT" }],
  ])("reports a key with %s", (_, props) => {
    expect(findingsOf(judge(kmsKeyRotation, key(props)))).toEqual(["subject Rotation::disabled"]);
  });

  it.each(UNROTATABLE)("does not apply to a key %s, and does not remediate it", (_, props) => {
    expect(judge(kmsKeyRotation, key(props)).outcome).toBe("not applicable");
    expect(remedy(kmsKeyRotation, key(props))).toEqual({});
  });

  it("does not judge an unknown setting or a key with an unknown usage", () => {
    expect(judge(kmsKeyRotation, key({ enableKeyRotation: UNKNOWN })).outcome).toBe("not judged");
    expect(judge(kmsKeyRotation, key({ keyUsage: UNKNOWN })).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    const replica = resource({ type: "aws:kms/replicaKey:ReplicaKey" });
    expect(judge(kmsKeyRotation, replica).outcome).toBe("not applicable");
  });

  it("enables rotation when it remediates", () => {
    expect(remedy(kmsKeyRotation, key({ enableKeyRotation: false }))).toEqual({ enableKeyRotation: true });
  });

  proveControl(kmsKeyRotation);
});
