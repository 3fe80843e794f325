import { describe, expect, it } from "vitest";
import { policyConfusedDeputy } from "../../../../policy/controls/policy/confused-deputy.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, BUCKET, document, grant, QUEUE, ROLE, TOPIC } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge } from "../../support/subject.ts";

const SNS = { Service: "sns.amazonaws.com" };
const S3 = { Service: "s3.amazonaws.com" };
const keys = (principal: unknown, Condition?: object) =>
  keysIn(
    policyConfusedDeputy,
    "resource",
    grant(principal, "sqs:SendMessage", QUEUE, Condition === undefined ? {} : { Condition }),
  );

describe("POL-004 policy-confused-deputy", () => {
  itJudgesDocuments(policyConfusedDeputy, "resource", grant(SNS, "sqs:SendMessage", QUEUE));
  itJudgesDocuments(policyConfusedDeputy, "key", grant(S3, "kms:GenerateDataKey", "*"));

  it.each([
    [SNS, { ArnEquals: { "aws:SourceArn": TOPIC } }],
    [SNS, { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${ACCOUNT}:*` } }],
    [SNS, { StringEquals: { "AWS:SourceArn": TOPIC } }],
    [SNS, { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    [SNS, { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }],
    [SNS, { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }],
    [S3, { ArnEquals: { "aws:SourceArn": BUCKET }, StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    [{ AWS: ROLE }, undefined],
    ["*", undefined],
  ])("accepts %j with the condition %j", (principal, Condition) => {
    expect(keys(principal, Condition)).toEqual([]);
  });

  it.each([
    ["no condition", undefined],
    ["a condition on another key", { Bool: { "aws:SecureTransport": "true" } }],
    ["a wildcard account", { StringLike: { "aws:SourceAccount": "1111*" } }],
    ["a variable as the account", { StringEquals: { "aws:SourceAccount": `\${aws:PrincipalAccount}` } }],
    ["one exact account and one wildcard", { StringLike: { "aws:SourceAccount": [ACCOUNT, "*"] } }],
    ["an ARN of any account", { ArnLike: { "aws:SourceArn": "arn:aws:sns:eu-central-1:*:notices" } }],
    ["IfExists", { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } }],
    ["ForAllValues", { "ForAllValues:StringEquals": { "aws:SourceAccount": ACCOUNT } }],
    ["a negated operator", { StringNotEquals: { "aws:SourceAccount": ACCOUNT } }],
    [
      "aws:PrincipalOrgID, which services don't have",
      { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
    ],
  ])("reports %s", (_, Condition) => {
    expect(keys(SNS, Condition)).toEqual(["Source::S/sns.amazonaws.com"]);
  });

  it("requires the account of a bucket, whose ARN contains none", () => {
    expect(keys(S3, { ArnEquals: { "aws:SourceArn": BUCKET } })).toEqual([
      "SourceAccount::S/s3.amazonaws.com",
    ]);
  });

  it("reports each service of a statement", () => {
    expect(keys({ Service: ["events.amazonaws.com", "sns.amazonaws.com"], AWS: ROLE })).toEqual([
      "Source::S/events.amazonaws.com",
      "Source::S/sns.amazonaws.com",
    ]);
  });

  it("accepts a key's encryption context as the source if it contains the account", () => {
    const logs = (arn: string) =>
      keysIn(
        policyConfusedDeputy,
        "key",
        grant({ Service: "logs.eu-central-1.amazonaws.com" }, "kms:Decrypt", "*", {
          Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn } },
        }),
      );
    expect(logs(`arn:aws:logs:eu-central-1:${ACCOUNT}:*`)).toEqual([]);
    expect(logs("arn:aws:logs:eu-central-1:*:*")).toHaveLength(1);
  });

  it("does not apply to trust policies, whose services act for the role's own account", () => {
    expect(
      judge(policyConfusedDeputy, holding("trust", document(grant(SNS, "sts:AssumeRole", undefined))))
        .outcome,
    ).toBe("not applicable");
  });

  it("accepts the services in its parameter", () => {
    const subject = holding("resource", document(grant(SNS, "sqs:SendMessage", QUEUE)));
    const spared = (pattern: string) =>
      findingsOf(judge(policyConfusedDeputy, subject, { parameters: { servicesWithoutSource: [pattern] } }));
    expect(spared("s?s.*")).toEqual([]);
    expect(spared("sqs.amazonaws.com")).toHaveLength(1);
  });

  it("says which condition is missing", () => {
    const body = document(
      grant(SNS, "sqs:SendMessage", QUEUE),
      grant(S3, "sqs:SendMessage", QUEUE, {
        Sid: "T",
        Condition: { ArnEquals: { "aws:SourceArn": BUCKET } },
      }),
    );
    expect(
      judge(policyConfusedDeputy, holding("resource", body)).findings.map(({ message }) => message),
    ).toEqual([
      "Statement S of `policy` must limit sns.amazonaws.com to exact sources with aws:SourceArn or aws:SourceAccount.",
      "Statement T of `policy` must limit s3.amazonaws.com to exact sources with aws:SourceAccount in addition to the bucket's ARN.",
    ]);
  });

  proveControl(policyConfusedDeputy);
});
