import { describe, expect, it } from "vitest";
import { secretsmanagerRotation } from "../../../../policy/controls/secretsmanager/rotation.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf";
const secret = resource({
  type: "aws:secretsmanager/secret:Secret",
  name: "db",
  props: { arn: ARN, id: ARN },
});
const rotation = (secretId: unknown) =>
  resource({
    type: "aws:secretsmanager/secretRotation:SecretRotation",
    name: "rotation",
    props: { secretId },
  });

describe("SECRETSMANAGER-001 secretsmanager-rotation", () => {
  it("accepts a secret with rotation", () => {
    expect(judge(secretsmanagerRotation, [secret, rotation(ARN)]).outcome).toBe("compliant");
  });

  it("reports a secret without rotation, even if another secret has it", () => {
    expect(findingsOf(judge(secretsmanagerRotation, [secret]))).toEqual(["db Rotation::missing"]);
    expect(findingsOf(judge(secretsmanagerRotation, [secret, rotation(`${ARN}2`)]))).toEqual([
      "db Rotation::missing",
    ]);
  });

  it("does not judge while a rotation's secret is unknown", () => {
    expect(judge(secretsmanagerRotation, [secret, rotation(UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without secrets", () => {
    expect(judge(secretsmanagerRotation, [rotation(ARN)]).outcome).toBe("not applicable");
  });

  proveControl(secretsmanagerRotation);
});
