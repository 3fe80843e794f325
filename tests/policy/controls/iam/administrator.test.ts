import { describe, expect, it } from "vitest";
import { iamAdministrator } from "../../../../policy/controls/iam/administrator.ts";
import { itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, OBJECTS, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamAdministrator, "identity", allow(...statement));

describe("IAM-011 iam-administrator", () => {
  itJudgesDocuments(iamAdministrator, "identity", allow("*", "*"));

  it.each([
    ["* on *", "*", "*"],
    ["*:* on *", "*:*", "*"],
    ["* in lists", ["s3:GetObject", "*"], [OBJECTS, "*"]],
    ["* on an ARN of wildcards", "*", "arn:aws:*:*:*:*"],
  ])("refuses %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual(["Administrator::S"]);
  });

  it("refuses it under a condition on the caller as well", () => {
    expect(keys("*", "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))).toEqual(["Administrator::S"]);
  });

  it.each([
    ["a service on everything", "s3:*", "*"],
    ["everything on one bucket", "*", OBJECTS],
    ["one action on everything", "sts:GetCallerIdentity", "*"],
  ])("leaves %s to other controls", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it("counts everything but one resource as everything", () => {
    const statement = { Sid: "S", Effect: "Allow", Action: "*", NotResource: OBJECTS };
    expect(keysIn(iamAdministrator, "identity", statement)).toEqual(["Administrator::S"]);
  });

  proveControl(iamAdministrator);
});
