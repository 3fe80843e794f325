import { describe, expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();
const key = resourceNamed(program, "encryption-key");

test("the key rotates, waits before it is deleted, and is protected", () => {
  expect(key.inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  expect(key.protect).toBe(true);
});

test("its alias names the stack", () => {
  expect(resourceNamed(program, "encryption-alias").inputs).toEqual({
    name: "alias/image-pipeline-dev",
    targetKeyId: "11111111-2222-3333-4444-555555555555",
  });
});

test("its policy admits the account and three services, each for this account's or this stack's resources only", () => {
  expect(documentOf(key)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountDecides",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: ["kms:*"],
        Resource: ["*"],
      },
      {
        Sid: "EventsToTheQueue",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: ["*"],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      {
        Sid: "AlarmsToTheTopic",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: ["*"],
        Condition: {
          StringEquals: {
            "kms:EncryptionContext:aws:sns:topicArn":
              "arn:aws:sns:eu-central-1:123456789012:image-pipeline-dev-notices",
          },
        },
      },
      {
        Sid: "LogsOfTheFunction",
        Effect: "Allow",
        Principal: { Service: "logs.eu-central-1.amazonaws.com" },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
        Resource: ["*"],
        Condition: {
          ArnEquals: {
            "kms:EncryptionContext:aws:logs:arn":
              "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/image-pipeline-dev-processor",
          },
        },
      },
    ],
  });
});

test("the function uses it through the services that hold the data, and in no other way", () => {
  expect(documentOf(resourceNamed(program, "processor-key-permissions"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "UseTheKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [KEY_ARN],
        Condition: {
          StringEquals: {
            "kms:ViaService": [
              "dynamodb.eu-central-1.amazonaws.com",
              "lambda.eu-central-1.amazonaws.com",
              "s3.eu-central-1.amazonaws.com",
              "sns.eu-central-1.amazonaws.com",
              "sqs.eu-central-1.amazonaws.com",
            ],
          },
        },
      },
    ],
  });
});

test("the waiting period and the protection follow the configuration", async () => {
  const config = { email: EMAIL, keyDeletionWindowDays: "7", protectData: "false" };
  const changed = resourceNamed(await runProgram({ config }), "encryption-key");
  expect(changed.inputs["deletionWindowInDays"]).toBe(7);
  expect(changed.protect).toBe(false);
});

describe("a key that the configuration names", () => {
  const OPTIONS = { email: EMAIL, delivery: "true", inventory: "daily", notices: "digest" };
  const GIVEN = KEY_ARN.replace("11111111", "99999999");

  test("takes the place of the stack's own: neither a key nor an alias is made", async () => {
    const own = await runProgram({ config: OPTIONS });
    const given = await runProgram({ config: { ...OPTIONS, keyArn: GIVEN } });
    const names = ({ resources }: typeof own) => resources.map(({ name }) => name);
    const left = names(given);
    expect(names(own).filter((name) => !left.includes(name))).toEqual(["encryption-key", "encryption-alias"]);
    expect(left.filter((name) => !names(own).includes(name))).toEqual([]);
    // Nothing else changes but the key's name.
    const inputs = ({ resources }: typeof own) =>
      resources.filter(({ name }) => left.includes(name)).map((each) => [each.name, each.inputs]);
    const stacksOwn = JSON.stringify(inputs(own).sort());
    expect(JSON.stringify(inputs(given).sort())).toBe(stacksOwn.replaceAll(KEY_ARN, GIVEN));
    expect(stacksOwn).toContain(KEY_ARN);
  });

  test("lets every document be known at the first preview", async () => {
    const { resources } = await runProgram({ config: { ...OPTIONS, keyArn: GIVEN }, preview: true });
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    expect(policies).toHaveLength(10);
    for (const { name, inputs } of policies)
      expect([name, typeof inputs["policy"]]).toEqual([name, "string"]);
  });
});
