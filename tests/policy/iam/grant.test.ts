import { describe, expect, it } from "vitest";
import { actionTable } from "../../../policy/aws/action-table.ts";
import { parseCondition } from "../../../policy/iam/condition.ts";
import {
  coversAllOf,
  isAdministrator,
  isWholeService,
  limitsResources,
  namesAction,
  onlyDescribes,
  patternFor,
  reachOf,
  widestReachOf,
} from "../../../policy/iam/grant.ts";

type Actions = { readonly negated: boolean; readonly patterns: readonly string[] };

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
    [patterns("arn:aws:s3:::?*/*"), "every resource"],
    [patterns("arn:aws:s3:::*???/*"), "every resource"],
    [patterns("arn:aws:s3:::???/*"), "named resources"],
    [patterns("arn:aws-cn:s3:::*/*"), "every resource"],
    [patterns("arn:aws:sqs:*:*:*"), "named resources"],
    [patterns("arn:aws:ec2:*:*:*"), "named resources"],
    [patterns("images"), "named resources"],
    [patterns("*images"), "named resources"],
    [patterns("arn:aws:s3:::images/*", "arn:aws:s3:::*/*"), "every resource"],
  ])("%j of objects reaches %s", (resources, reach) => {
    expect(reachOf({ resources }, getObject)).toBe(reach);
  });

  it("treats a policy variable as one name", () => {
    expect(reachOf({ resources: patterns(`arn:aws:s3:::\${aws:username}/*`) }, getObject)).toBe(
      "named resources",
    );
    expect(reachOf({ resources: patterns(`arn:aws:s3:::\${aws:username}*/*`) }, getObject)).toBe(
      "named resources",
    );
  });

  it("is every resource when the pattern matches one of the action's resource types", () => {
    const getTable = actionTable().find("glue:GetTable");
    expect(reachOf({ resources: patterns("arn:aws:glue:*:*:database/*") }, getTable)).toBe("every resource");
  });

  it("checks only the last part when the table does not contain the action", () => {
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:*") })).toBe("every resource");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:?*") })).toBe("every resource");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:*??") })).toBe("every resource");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:??") })).toBe("named resources");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:*images") })).toBe("named resources");
    expect(reachOf({ resources: patterns("arn:aws:batch:*:*:job-queue/*") })).toBe("named resources");
    expect(reachOf({ resources: patterns("arn:aws:ec2:*:*:*") })).toBe("named resources");
    expect(reachOf({ resources: patterns("arn:aws:route53:::change/*") })).toBe("named resources");
  });
});

describe("coversAllOf", () => {
  const about = (actions: Actions, resources: Actions | undefined) => ({ actions, resources });
  const read = about(patterns("s3:GetObject"), patterns("arn:aws:s3:::images/*"));

  it.each([
    ["the same actions and resources", read],
    ["wildcards for both", about(patterns("s3:*"), patterns("*"))],
    ["the action and no resources", about(patterns("s3:GetObject"), undefined)],
    ["NotAction without the action", about(inverted("iam:*"), patterns("*"))],
  ])("accepts a statement with %s", (_, wider) => {
    expect(coversAllOf(wider, read)).toBe(true);
  });

  it.each([
    ["another action", about(patterns("s3:PutObject"), patterns("*"))],
    ["NotAction with the action", about(inverted("s3:*"), patterns("*"))],
    ["other resources", about(patterns("s3:*"), patterns("arn:aws:s3:::videos/*"))],
    ["fewer resources", about(patterns("s3:*"), patterns("arn:aws:s3:::images/a/*"))],
    ["NotResource with them", about(patterns("s3:*"), inverted("arn:aws:s3:::images/*"))],
    ["NotResource without them", about(patterns("s3:*"), inverted("arn:aws:s3:::videos/*"))],
  ])("rejects a statement with %s", (_, wider) => {
    expect(coversAllOf(wider, read)).toBe(false);
  });

  it("requires every action and every resource to be covered", () => {
    const both = about(
      patterns("s3:GetObject", "s3:PutObject"),
      patterns("arn:aws:s3:::images/*", "arn:aws:s3:::videos/*"),
    );
    expect(coversAllOf(about(patterns("s3:*"), patterns("arn:aws:s3:::*")), both)).toBe(true);
    expect(coversAllOf(about(patterns("s3:Get*", "s3:Put*"), both.resources), both)).toBe(true);
    expect(coversAllOf(about(patterns("s3:Get*"), both.resources), both)).toBe(false);
    expect(coversAllOf(about(patterns("s3:*"), patterns("arn:aws:s3:::images/*")), both)).toBe(false);
  });

  it.each([
    ["NotAction", about(inverted("s3:GetObject"), patterns("arn:aws:s3:::images/*"))],
    ["NotResource", about(patterns("s3:GetObject"), inverted("arn:aws:s3:::images/*"))],
    ["no resources", about(patterns("s3:GetObject"), undefined)],
  ])("never covers a statement with %s", (_, narrower) => {
    expect(coversAllOf(about(patterns("s3:*"), patterns("arn:aws:s3:::images/*")), narrower)).toBe(false);
  });
});

describe("widestReachOf", () => {
  const EVERY_QUEUE = "arn:aws:sqs:*:*:*";
  const EVERY_TABLE = "arn:aws:dynamodb:*:*:table/*";

  it.each([
    ["sqs:SendMessage", "*", "everything"],
    ["sqs:SendMessage", EVERY_QUEUE, "every resource"],
    ["sqs:SendMessage", "arn:aws:sqs:eu-central-1:111122223333:ingest", "named resources"],
    ["sqs:*", "arn:aws:sqs:eu-central-1:111122223333:ingest", "named resources"],
    // Listing concerns every resource of a type by nature.
    ["s3:ListBucket", "arn:aws:s3:::*", "named resources"],
    ["s3:ListBucket", "*", "everything"],
    ["dynamodb:ListE*", EVERY_TABLE, "named resources"],
    ["dynamodb:*", EVERY_TABLE, "every resource"],
    // Only some of the actions act on objects.
    ["s3:*", "arn:aws:s3:::*/*", "every resource"],
    // Takes no resource, so only the pattern counts.
    ["s3:ListAllMyBuckets", "arn:aws:s3:::*", "every resource"],
    ["batch:SubmitJob", "arn:aws:batch:*:*:*", "every resource"],
    ["batch:SubmitJob", "arn:aws:batch:*:*:job-queue/images", "named resources"],
  ])("%s on %s reaches %s", (action, resource, reach) => {
    expect(widestReachOf({ resources: patterns(resource) }, action)).toBe(reach);
  });
});

describe("isAdministrator", () => {
  const statement = { effect: "Allow", actions: patterns("*"), resources: patterns("*") } as const;

  it.each([
    [statement, true],
    [{ ...statement, actions: patterns("s3:*", "*:*") }, true],
    [{ ...statement, actions: patterns("**") }, true],
    [{ ...statement, actions: patterns("*:**") }, true],
    [{ ...statement, actions: patterns("*:GetObject") }, false],
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
    // Its access level is List.
    ["iam:GetLoginProf*", true],
    ["iam:Get*", false],
    ["s3:Nothing*", false],
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
    ["s3:*Object", false],
    ["s3:GetObject", false],
  ])("%s is a whole service: %s", (pattern, expected) => {
    expect(isWholeService(pattern)).toBe(expected);
  });
});
