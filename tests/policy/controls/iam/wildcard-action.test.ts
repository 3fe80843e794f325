import { describe, expect, it } from "vitest";
import { iamWildcardAction } from "../../../../policy/controls/iam/wildcard-action.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const policy = (document: unknown) =>
  resource({
    type: "aws:iam/rolePolicy:RolePolicy",
    props: { policy: typeof document === "string" ? document : JSON.stringify(document) },
  });
const allow = (Action: unknown, others = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "arn:aws:s3:::images/*", ...others }],
});
const judgeActions = (Action: unknown, others = {}) =>
  judge(iamWildcardAction, policy(allow(Action, others)));

describe("IAM-002 iam-wildcard-action", () => {
  it.each([
    ["an action by its name", "s3:GetObject"],
    ["many actions by their names", ["s3:GetObject", "s3:PutObject"]],
    ["every Describe action of a service", "ec2:Describe*"],
    ["every List action of a service", "s3:List*"],
    ["Describe actions in any case", "EC2:describe*"],
    ["a wildcard that matches only List actions", "dynamodb:ListT*"],
    ["List actions of a service that is not in the table", "braket:List*"],
  ])("accepts %s", (_, action) => {
    expect(judgeActions(action).outcome).toBe("compliant");
  });

  it.each([
    ["everything", "*"],
    ["everything, of every service", "*:*"],
    ["a whole service", "s3:*"],
    ["a whole service that is not in the table", "braket:*"],
    ["a whole service in upper case", "S3:*"],
    ["a prefix wildcard", "s3:Get*"],
    ["a suffix wildcard", "dynamodb:*Item"],
    ["a wildcard that matches one action", "iam:Pass*"],
    ["a wildcard for one character", "s3:?utObject"],
    ["a wildcard that matches no known action", "s3:Frobnicate*"],
  ])("reports %s", (_, action) => {
    expect(findingsOf(judgeActions(action))).toEqual([`subject Action::${action}`]);
  });

  it("reports each wildcard in a list, and no other action", () => {
    expect(findingsOf(judgeActions(["s3:GetObject", "s3:Put*", "sqs:*"]))).toEqual([
      "subject Action::s3:Put*",
      "subject Action::sqs:*",
    ]);
  });

  it("names the statement, the document, and how many actions the wildcard matches", () => {
    expect(judgeActions("sqs:*", { Sid: "Queue" }).findings).toMatchObject([
      {
        message:
          "Statement Queue of `policy` must name its actions instead of `sqs:*`, which matches 20 actions of sqs.",
      },
    ]);
  });

  it("reports a wildcard even if a condition limits it", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": "111122223333" } };
    expect(judgeActions("s3:*", { Condition }).outcome).toBe("violation");
  });

  it.each([
    ["Deny", { Effect: "Deny" }],
    ["NotAction, which POL-001 reports", { Action: undefined, NotAction: "iam:*" }],
  ])("accepts %s", (_, others) => {
    expect(judgeActions("s3:*", others).outcome).toBe("compliant");
  });

  it("judges each inline policy of a role, but not its trust policy", () => {
    const role = resource({
      type: "aws:iam/role:Role",
      props: {
        assumeRolePolicy: JSON.stringify({
          Statement: { Effect: "Allow", Action: "sts:*", Principal: { Service: "lambda.amazonaws.com" } },
        }),
        inlinePolicies: [
          { name: "good", policy: JSON.stringify(allow("s3:GetObject")) },
          { name: "bad", policy: JSON.stringify(allow("s3:*")) },
        ],
      },
    });
    expect(judge(iamWildcardAction, role).findings).toMatchObject([
      { key: "Action::s3:*", message: expect.stringContaining("`inlinePolicies[1].policy`") },
    ]);
  });

  it("does not judge an unknown document", () => {
    expect(judge(iamWildcardAction, policy(UNKNOWN))).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: "policy" }],
    });
  });

  it("judges the known statements of a document given as an object", () => {
    const document = {
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: UNKNOWN },
        { Effect: "Allow", Action: "s3:*", Resource: "*" },
      ],
    };
    const subject = resource({ type: "aws:iam/policy:Policy", props: { policy: document } });
    expect(judge(iamWildcardAction, subject)).toMatchObject({
      outcome: "violation",
      findings: [{ key: "Action::s3:*" }],
      notJudged: [{ path: "policy #0" }],
    });
  });

  it("does not judge a malformed document, which IAM-001 reports", () => {
    expect(judge(iamWildcardAction, policy("{"))).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "malformed", path: "policy" }],
    });
  });

  it("does not apply to a role without inline policies or to other types", () => {
    expect(judge(iamWildcardAction, resource({ type: "aws:iam/role:Role" })).outcome).toBe("not applicable");
    expect(judge(iamWildcardAction, resource({ type: "aws:kms/key:Key" })).outcome).toBe("not applicable");
  });

  proveControl(iamWildcardAction);
});
