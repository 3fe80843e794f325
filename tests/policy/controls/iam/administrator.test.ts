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
  ])("reports %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual(["Administrator::S"]);
  });

  it("reports administrator access even with a condition on the caller", () => {
    expect(keys("*", "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))).toEqual(["Administrator::S"]);
  });

  it.each([
    ["all actions of a service on everything", "s3:*", "*"],
    ["everything on one bucket", "*", OBJECTS],
    ["one action on everything", "sts:GetCallerIdentity", "*"],
  ])("accepts %s, which other controls report", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it("reports all actions with NotResource", () => {
    const statement = { Sid: "S", Effect: "Allow", Action: "*", NotResource: OBJECTS };
    expect(keysIn(iamAdministrator, "identity", statement)).toEqual(["Administrator::S"]);
  });

  proveControl(iamAdministrator);
});
