import { describe, expect, it } from "vitest";
import { iamWildcardResource } from "../../../../policy/controls/iam/wildcard-resource.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, OBJECTS, QUEUE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamWildcardResource, "identity", allow(...statement));

describe("IAM-003 iam-wildcard-resource", () => {
  itJudgesDocuments(iamWildcardResource, "identity", allow("sqs:SendMessage", "*"));

  it.each([
    ["an exact resource", "sqs:SendMessage", QUEUE],
    ["all objects of one bucket", "s3:GetObject", OBJECTS],
    ["* for an action that takes no resource", "xray:PutTraceSegments", "*"],
    ["* for actions that only list what exists", "ec2:Describe*", "*"],
    [
      "every resource for an action that lists them",
      "logs:DescribeLogGroups",
      "arn:aws:logs:*:*:log-group:*",
    ],
    ["every instance, whose ids AWS assigns", "ec2:RunInstances", "arn:aws:ec2:*:*:instance/*"],
    ["* for an action of a service that is not in the table", "nosuch:Act", "*"],
  ])("accepts %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it("accepts * only when a condition limits the resources", () => {
    const action = "ec2:TerminateInstances";
    expect(keys(action, "*", when("StringEquals", "aws:ResourceTag/Team", "images"))).toEqual([]);
    expect(keys(action, "*", when("StringEquals", "aws:RequestedRegion", "eu-central-1"))).toEqual([
      `Star::${action}`,
    ]);
  });

  it("distinguishes * from every resource of a type", () => {
    expect(keys("sqs:SendMessage", "*")).toEqual(["Star::sqs:SendMessage"]);
    expect(keys("sqs:SendMessage", "arn:aws:sqs:eu-central-1:111122223333:*")).toEqual([
      "EveryResource::sqs:SendMessage",
    ]);
  });

  it("reports each action, except those of the statement that comply", () => {
    expect(keys(["sqs:SendMessage", "xray:PutTraceSegments", "sns:Publish"], "*")).toEqual([
      "Star::sqs:SendMessage",
      "Star::sns:Publish",
    ]);
  });

  it("ignores administrators and NotAction, which IAM-011 and POL-001 report", () => {
    expect(keys("*", "*")).toEqual([]);
    expect(
      keysIn(iamWildcardResource, "identity", { Effect: "Allow", NotAction: "s3:*", Resource: "*" }),
    ).toEqual([]);
  });

  it("says what to name, without values of the document", () => {
    const { findings } = judge(
      iamWildcardResource,
      holding(
        "identity",
        document(allow("sqs:SendMessage", "*"), allow("s3:PutObject", "arn:aws:s3:::*/*", { Sid: "T" })),
      ),
    );
    expect(findings.map(({ message }) => message)).toEqual([
      "Statement S of `policy` must name the resources of `sqs:SendMessage` instead of `*`.",
      "Statement T of `policy` must name the resources of `s3:PutObject` instead of all resources of their type.",
    ]);
  });

  proveControl(iamWildcardResource);
});
