import { describe, expect, it } from "vitest";
import { policyVacuousCondition } from "../../../../policy/controls/policy/vacuous-condition.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, deny, document, OBJECTS, TABLE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...condition: Parameters<typeof when>) =>
  keysIn(policyVacuousCondition, "identity", allow("s3:GetObject", OBJECTS, when(...condition)));

describe("POL-005 policy-vacuous-condition", () => {
  itJudgesDocuments(
    policyVacuousCondition,
    "identity",
    allow("s3:GetObject", OBJECTS, when("StringLike", "aws:PrincipalTag/Team", "*")),
  );

  it.each<Parameters<typeof when>>([
    ["StringLike", "s3:prefix", "home/*"],
    ["StringEquals", "s3:prefix", "*"],
    ["StringNotLike", "s3:prefix", "*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"],
    ["IpAddress", "aws:SourceIp", "192.0.2.0/24"],
    ["StringEqualsIfExists", "s3:x-amz-acl", "private"],
    ["Bool", "aws:SecureTransport", "true"],
    ["Null", "aws:TokenIssueTime", "false"],
    ["ForAnyValue:StringEquals", "dynamodb:LeadingKeys", "7"],
    ["ForAllValues:StringEquals", "aws:TagKeys", ["Team"]],
  ])("accepts %s on %s: %j", (...condition) => {
    expect(keys(...condition)).toEqual([]);
  });

  it.each<Parameters<typeof when>>([
    ["StringLike", "s3:prefix", "*"],
    ["StringLike", "s3:prefix", ["home/*", "**"]],
    ["ArnLike", "aws:PrincipalArn", "*"],
    ["ArnEquals", "aws:SourceArn", "arn:*:*:*:*:*"],
    ["IpAddress", "aws:SourceIp", "0.0.0.0/0"],
    ["IpAddress", "aws:SourceIp", ["192.0.2.0/24", "::/0"]],
    ["StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"],
    ["ArnLikeIfExists", "aws:SourceArn", "arn:aws:s3:::images"],
    ["StringEqualsIfExists", "iam:PassedToService", "lambda.amazonaws.com"],
    ["StringLikeIfExists", "token.actions.githubusercontent.com:sub", "repo:acme/images:*"],
    ["ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["7"]],
    ["ForAllValues:StringLike", "token.actions.githubusercontent.com:sub", ["repo:acme/images:*"]],
  ])("reports %s on %s: %j", (...condition) => {
    expect(keys(...condition)).toEqual([`Condition::S/${condition[1].toLowerCase()}`]);
  });

  it("accepts ForAllValues with a Null condition on the same key", () => {
    const withNull = (key: string, value: string) =>
      keysIn(
        policyVacuousCondition,
        "identity",
        allow("dynamodb:GetItem", "*", {
          Condition: {
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["7"] },
            Null: { [key]: value },
          },
        }),
      );
    expect(withNull("dynamodb:LeadingKeys", "false")).toEqual([]);
    expect(withNull("dynamodb:LeadingKeys", "true")).toHaveLength(1);
    expect(withNull("dynamodb:Attributes", "false")).toHaveLength(1);
  });

  it("judges every kind of document", () => {
    const { Condition } = when("StringLike", "aws:PrincipalArn", "*");
    const elements = { Sid: "S", Effect: "Allow", Principal: { AWS: "111122223333" }, Condition };
    const expected = ["Condition::S/aws:principalarn"];
    expect(keysIn(policyVacuousCondition, "trust", { ...elements, Action: "sts:AssumeRole" })).toEqual(
      expected,
    );
    expect(
      keysIn(policyVacuousCondition, "key", { ...elements, Action: "kms:Decrypt", Resource: "*" }),
    ).toEqual(expected);
    expect(
      keysIn(policyVacuousCondition, "resource", { ...elements, Action: "sqs:SendMessage", Resource: "*" }),
    ).toEqual(expected);
  });

  it("accepts ForAllValues with a Deny of requests without the key, if it covers the same actions and resources", () => {
    const query = (...others: object[]) =>
      keysIn(
        policyVacuousCondition,
        "identity",
        allow("dynamodb:Query", TABLE, when("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["7"])),
        ...others.map((each) => ({ ...each, Sid: "D" })),
      );
    const found = ["Condition::S/dynamodb:leadingkeys"];
    const missing = when("Null", "dynamodb:LeadingKeys", "true");
    expect(query(deny("dynamodb:*", "*", missing))).toEqual([]);
    expect(query(deny("dynamodb:GetItem", "*", missing))).toEqual(found);
    expect(query(deny("dynamodb:*", `${TABLE}-2`, missing))).toEqual(found);
    expect(query(deny("dynamodb:*", "*", when("Null", "dynamodb:LeadingKeys", "false")))).toEqual(found);
    expect(query(allow("dynamodb:*", "*", missing))).toEqual(found);
  });

  it("says why the condition has no effect, without values", () => {
    const body = document(allow("s3:GetObject", OBJECTS, when("StringLike", "s3:prefix", "*")), {
      ...allow("s3:GetObject", OBJECTS, when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
      Sid: "T",
    });
    expect(
      judge(policyVacuousCondition, holding("identity", body)).findings.map(({ message }) => message),
    ).toEqual([
      "Statement S of `policy` must have a condition on s3:prefix that limits access: one of its values matches everything.",
      "Statement T of `policy` must have a condition on aws:principalorgid that limits access: with IfExists, a request without the key passes.",
    ]);
  });

  proveControl(policyVacuousCondition);
});
