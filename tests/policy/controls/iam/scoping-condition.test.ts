import { describe, expect, it } from "vitest";
import { iamScopingCondition } from "../../../../policy/controls/iam/scoping-condition.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, FUNCTION, OBJECTS, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamScopingCondition, "identity", allow(...statement));

describe("IAM-004 iam-scoping-condition", () => {
  itJudgesDocuments(iamScopingCondition, "identity", allow("cloudwatch:PutMetricData", "*"));

  it.each([
    ["cloudwatch:PutMetricData", when("StringEquals", "cloudwatch:namespace", "Images")],
    ["lambda:CreateEventSourceMapping", when("ArnLike", "lambda:FunctionArn", FUNCTION)],
    ["s3:CreateJob", when("StringEquals", "s3:RequestJobOperation", "S3PutObjectTagging")],
    ["ecs:PutAccountSetting", when("StringEquals", "ecs:account-setting", "containerInsights")],
    ["acm:RequestCertificate", when("ForAnyValue:StringEquals", "acm:DomainNames", "example.com")],
  ])("accepts %s with a condition on its key, and reports it without", (action, condition) => {
    expect(keys(action, "*", condition)).toEqual([]);
    expect(keys(action, "*")).toEqual([`Condition::${action}`]);
  });

  it.each([
    ["a value of *", when("StringLike", "cloudwatch:namespace", "*")],
    ["IfExists", when("StringEqualsIfExists", "cloudwatch:namespace", "Images")],
    ["a negated operator", when("StringNotEquals", "cloudwatch:namespace", "AWS/EC2")],
    ["another key", when("StringEquals", "aws:RequestedRegion", "eu-central-1")],
  ])("reports %s", (_, condition) => {
    expect(keys("cloudwatch:PutMetricData", "*", condition)).toEqual(["Condition::cloudwatch:PutMetricData"]);
  });

  it("reports the action in a wildcard", () => {
    expect(keys("cloudwatch:PutMetric*", "*")).toEqual(["Condition::cloudwatch:PutMetricData"]);
  });

  it("accepts actions without such a key, and statements with named resources", () => {
    expect(keys("xray:PutTraceSegments", "*")).toEqual([]);
    expect(keys("*", OBJECTS)).toEqual([]);
  });

  it("names the condition key", () => {
    const { findings } = judge(
      iamScopingCondition,
      holding("identity", document(allow("cloudwatch:PutMetricData", "*"))),
    );
    expect(findings[0]?.message).toBe(
      "Statement S of `policy` must limit `cloudwatch:PutMetricData` with a condition on `cloudwatch:namespace`.",
    );
  });

  proveControl(iamScopingCondition);
});
