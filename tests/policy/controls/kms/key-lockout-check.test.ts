import { describe, expect, it } from "vitest";
import { kmsKeyLockoutCheck } from "../../../../policy/controls/kms/key-lockout-check.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const of = (bypassPolicyLockoutSafetyCheck: unknown, type = "aws:kms/key:Key") =>
  resource({ type, props: { bypassPolicyLockoutSafetyCheck } });

describe("KMS-004 kms-key-lockout-check", () => {
  it("accepts a key whose policy is checked", () => {
    for (const value of [undefined, false]) {
      expect(judge(kmsKeyLockoutCheck, of(value)).outcome).toBe("compliant");
    }
  });

  it.each([
    "aws:kms/key:Key",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/keyPolicy:KeyPolicy",
  ])("reports a %s that bypasses the check", (type) => {
    expect(findingsOf(judge(kmsKeyLockoutCheck, of(true, type)))).toEqual(["subject LockoutCheck::bypassed"]);
  });

  it("does not judge an unknown setting", () => {
    expect(judge(kmsKeyLockoutCheck, of(UNKNOWN)).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judge(kmsKeyLockoutCheck, of(true, "aws:kms/alias:Alias")).outcome).toBe("not applicable");
  });

  it("enables the check when it remediates a key whose program sets it", () => {
    expect(remedy(kmsKeyLockoutCheck, of(true))).toEqual({ bypassPolicyLockoutSafetyCheck: false });
    expect(remedy(kmsKeyLockoutCheck, of(undefined))).toEqual({});
  });

  proveControl(kmsKeyLockoutCheck);
});
