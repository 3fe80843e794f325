import { describe, expect, it } from "vitest";
import { iamPassRole } from "../../../../policy/controls/iam/pass-role.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, OBJECTS, ROLE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const toLambda = when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com");
const keys = (...statement: Parameters<typeof allow>) => keysIn(iamPassRole, "identity", allow(...statement));

describe("IAM-007 iam-pass-role", () => {
  itJudgesDocuments(iamPassRole, "identity", allow("iam:PassRole", "*"));

  it("accepts exact roles passed to exact services", () => {
    expect(keys("iam:PassRole", [ROLE, `${ROLE}-2`], toLambda)).toEqual([]);
  });

  it.each(["iam:PassRole", "IAM:passrole", "iam:Pass*", "iam:*", "*", "*:PassRole", "iam:?assRole"])(
    "reports the action in %s",
    (action) => {
      expect(keys(action, ROLE)).toEqual(["PassedToService::S"]);
    },
  );

  it("reports the action when NotAction allows it", () => {
    const statement = { Sid: "S", Effect: "Allow", NotAction: "s3:*", Resource: ROLE };
    expect(keysIn(iamPassRole, "identity", statement)).toEqual(["PassedToService::S"]);
  });

  it.each([
    ["*", "*"],
    ["a wildcard in the name", `${ROLE}-*`],
    ["a question mark in the name", `${ROLE}-?`],
    ["a policy variable", `arn:aws:iam::111122223333:role/\${aws:username}`],
    ["one exact role and one wildcard", [ROLE, "arn:aws:iam::*:role/processor"]],
  ])("reports %s as the role", (_, role) => {
    expect(keys("iam:PassRole", role, toLambda)).toEqual(["Role::S"]);
  });

  it("reports NotResource", () => {
    const statement = { Sid: "S", Effect: "Allow", Action: "iam:PassRole", NotResource: ROLE, ...toLambda };
    expect(keysIn(iamPassRole, "identity", statement)).toEqual(["Role::S"]);
  });

  it.each([
    ["no condition", {}],
    ["a wildcard", when("StringLike", "iam:PassedToService", "*.amazonaws.com")],
    ["IfExists", when("StringEqualsIfExists", "iam:PassedToService", "lambda.amazonaws.com")],
    ["a negated operator", when("StringNotEquals", "iam:PassedToService", "ec2.amazonaws.com")],
  ])("reports %s for the service", (_, condition) => {
    expect(keys("iam:PassRole", ROLE, condition)).toEqual(["PassedToService::S"]);
  });

  it("ignores statements without role resources, and resources of other actions", () => {
    expect(keys("*", OBJECTS)).toEqual([]);
    expect(keys(["iam:PassRole", "s3:GetObject"], [ROLE, OBJECTS], toLambda)).toEqual([]);
  });

  it("ignores administrators, which IAM-011 reports", () => {
    expect(keys("*", "*")).toEqual([]);
  });

  it("says what to fix", () => {
    const { findings } = judge(iamPassRole, holding("identity", document(allow("iam:PassRole", "*"))));
    expect(findings.map(({ message }) => message)).toEqual([
      "Statement S of `policy` allows iam:PassRole, so it must name each role by its exact ARN.",
      "Statement S of `policy` allows iam:PassRole, so it must name the service in a condition on iam:PassedToService.",
    ]);
  });

  proveControl(iamPassRole);
});
