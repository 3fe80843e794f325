import { describe, expect, it } from "vitest";
import { actionTable } from "../../../policy/aws/action-table.ts";
import { parseCondition } from "../../../policy/iam/condition.ts";
import {
  isAdministrator,
  isWholeService,
  limitsResources,
  namesAction,
  onlyDescribes,
  patternFor,
  reachOf,
} from "../../../policy/iam/grant.ts";

const patterns = (...list: string[]) => ({ negated: false, patterns: list });
const inverted = (...list: string[]) => ({ negated: true, patterns: list });

describe("namesAction", () => {
  it.each([
    [patterns("s3:GetObject"), true],
    [patterns("S3:get*"), true],
    [patterns("*"), true],
    [patterns("s3:PutObject"), false],
    [inverted("iam:*"), true],
    [inverted("s3:*"), false],
  ])("%j names s3:GetObject: %s", (actions, expected) => {
    expect(namesAction({ actions }, "s3:GetObject")).toBe(expected);
  });

  it("returns the matching pattern", () => {
    expect(patternFor({ actions: patterns("sqs:*", "s3:Get*") }, "s3:GetObject")).toBe("s3:Get*");
    expect(patternFor({ actions: inverted("iam:*") }, "s3:GetObject")).toBe("NotAction");
    expect(patternFor({ actions: inverted("s3:*") }, "s3:GetObject")).toBeUndefined();
    expect(patternFor({ actions: patterns("sqs:*") }, "s3:GetObject")).toBeUndefined();
  });
});

describe("reachOf", () => {
  const getObject = actionTable().find("s3:GetObject");

  it.each([
    [patterns("*"), "everything"],
    [patterns("arn:aws:s3:::images/*", "*"), "everything"],
    [patterns("arn:aws:*:*:*:*"), "everything"],
    [inverted("arn:aws:s3:::images/*"), "everything"],
    [undefined, "everything"],
    [patterns("arn:aws:s3:::*"), "every resource"],
    [patterns("arn:aws:s3:::*/*"), "every resource"],
    [patterns("arn:aws:s3:::images/*"), "named resources"],
    [patterns("arn:aws:s3:::i*"), "named resources"],
  ])("%j of objects reaches %s", (resources, reach) => {
    expect(reachOf({ resources }, getObject)).toBe(reach);
  });

  it("treats a policy variable as one name", () => {
    expect(reachOf({ resources: patterns(`arn:aws:s3:::\${aws:username}/*`) }, getObject)).toBe(
      "named resources",
    );
  });

  it("checks only the last part when the table does not contain the action", () => {
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:*") })).toBe("every resource");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:job-queue/*") })).toBe("named resources");
  });
});

describe("isAdministrator", () => {
  const statement = { effect: "Allow", actions: patterns("*"), resources: patterns("*") } as const;

  it.each([
    [statement, true],
    [{ ...statement, actions: patterns("s3:*", "*:*") }, true],
    [{ ...statement, effect: "Deny" } as const, false],
    [{ ...statement, actions: patterns("s3:*") }, false],
    [{ ...statement, actions: inverted("iam:*") }, false],
    [{ ...statement, resources: patterns("arn:aws:s3:::images") }, false],
  ])("%j: %s", (candidate, expected) => {
    expect(isAdministrator(candidate)).toBe(expected);
  });
});

describe("limitsResources", () => {
  const limits = (operator: string, key: string, value: string) => {
    const condition = parseCondition(operator, key, [value]);
    return limitsResources({ conditions: condition === undefined ? [] : [condition] });
  };

  it.each([
    ["StringEquals", "aws:ResourceTag/Team", "images", true],
    ["StringEquals", "ec2:ResourceTag/Team", "images", true],
    ["StringLike", "s3:ExistingObjectTag/Public", "yes*", true],
    ["ArnEquals", "lambda:FunctionArn", "arn:aws:lambda:eu-central-1:111122223333:function:f", true],
    ["StringLike", "aws:ResourceTag/Team", "*", false],
    ["StringEqualsIfExists", "aws:ResourceTag/Team", "images", false],
    ["StringEquals", "aws:PrincipalTag/Team", "images", false],
    ["StringEquals", "aws:RequestTag/Team", "images", false],
  ])("%s on %s %s: %s", (operator, key, value, expected) => {
    expect(limits(operator, key, value)).toBe(expected);
  });
});

describe("patterns of actions", () => {
  it.each([
    ["ec2:Describe*", true],
    ["s3:List*", true],
    ["braket:list*", true],
    ["dynamodb:ListT*", true],
    ["s3:Get*", false],
    ["s3:*", false],
    ["*", false],
    ["ec2:DescribeVpcs", false],
  ])("%s matches only describing actions: %s", (pattern, expected) => {
    expect(onlyDescribes(pattern)).toBe(expected);
  });

  it.each([
    ["s3:*", true],
    ["s3:**", true],
    ["*", true],
    ["*:*", true],
    ["s3:Get*", false],
    ["s3:GetObject", false],
  ])("%s is a whole service: %s", (pattern, expected) => {
    expect(isWholeService(pattern)).toBe(expected);
  });
});
