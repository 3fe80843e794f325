import { describe, expect, it } from "vitest";
import { lambdaPermissionAccounts } from "../../../../policy/controls/lambda/permission-accounts.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const OWN = "111122223333";
const OTHER = "444455556666";
const permission = (props: object) =>
  resource({ type: "aws:lambda/permission:Permission", name: "permission", props });
const called = (arn: unknown) => resource({ type: "aws:lambda/function:Function", props: { arn } });
const ownFunction = called(`arn:aws:lambda:eu-west-1:${OWN}:function:resize`);
const judgeWith = (props: object, settings = {}) =>
  judge(lambdaPermissionAccounts, [ownFunction, permission(props)], { settings });

describe("LAMBDA-011 lambda-permission-accounts", () => {
  it.each([
    ["the stack's own account", { principal: OWN }],
    ["a service on behalf of the stack's own account", { principal: "s3.amazonaws.com", sourceAccount: OWN }],
    ["an ARN without an account", { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::images" }],
    ["the principal *, which LAMBDA-001 judges", { principal: "*" }],
  ])("accepts %s", (_, props) => {
    expect(judgeWith(props).outcome).toBe("compliant");
  });

  it.each([
    ["account", { principal: OTHER }, "principal"],
    ["role", { principal: `arn:aws:iam::${OTHER}:role/caller` }, "principal"],
    ["source account", { principal: "s3.amazonaws.com", sourceAccount: OTHER }, "sourceAccount"],
    [
      "source",
      { principal: "events.amazonaws.com", sourceArn: `arn:aws:events:eu-west-1:${OTHER}:rule/r` },
      "sourceArn",
    ],
  ])("reports the %s of another account unless the config allows it", (_, props, property) => {
    expect(findingsOf(judgeWith(props))).toEqual([`permission Account::${property}`]);
    expect(judgeWith(props, { allowedAccounts: [OTHER] }).outcome).toBe("compliant");
  });

  it("judges the known properties when one is unknown", () => {
    const verdict = judgeWith({ principal: OTHER, sourceArn: UNKNOWN });
    expect(findingsOf(verdict)).toEqual(["permission Account::principal"]);
    expect(verdict.notJudged).toMatchObject([{ path: "sourceArn" }]);
  });

  it("does not judge an account while the stack's own account is unknown", () => {
    const verdict = judge(lambdaPermissionAccounts, [called(UNKNOWN), permission({ principal: OTHER })]);
    expect(verdict).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "the stack's own account" }],
    });
  });

  it("does not apply to a stack without permissions", () => {
    expect(judge(lambdaPermissionAccounts, [ownFunction]).outcome).toBe("not applicable");
  });

  proveControl(lambdaPermissionAccounts);
});
