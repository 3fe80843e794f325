import { describe, expect, test } from "vitest";
import { type DigestSettings, digestCron, digestTimeZone } from "../../infra/digest-schedule.ts";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

describe("when digests are due", () => {
  test.each<[DigestSettings, string]>([
    [{}, "cron(0 8 * * ? *)"],
    [{ digestHour: 23 }, "cron(0 23 * * ? *)"],
    [{ digestEvery: "day", digestHour: 0 }, "cron(0 0 * * ? *)"],
    [{ digestEvery: "week" }, "cron(0 8 ? * MON *)"],
    [{ digestEvery: "hour" }, "cron(0 * * * ? *)"],
  ])("%o is %s", (settings, cron) => {
    expect(digestCron(settings)).toBe(cron);
  });

  test("the zone is UTC unless another is set", () => {
    expect([digestTimeZone({}), digestTimeZone({ digestTimeZone: "Asia/Tokyo" })]).toEqual([
      "UTC",
      "Asia/Tokyo",
    ]);
  });
});

const program = await runProgram({
  config: { email: EMAIL, notices: "digest", digestEvery: "week", digestTimeZone: "Europe/Berlin" },
});
const ACCOUNT = "123456789012";
const QUEUE = `arn:aws:sqs:eu-central-1:${ACCOUNT}:image-pipeline-dev-digest-dead-letters`;

test("the schedule hands the time over, encrypted with the stack's key, and keeps what it can't hand over", () => {
  expect(resourceNamed(program, "digest-schedule").inputs).toEqual({
    name: "image-pipeline-dev-digest",
    groupName: "image-pipeline-dev",
    description: "Has the digest sent that tells what became of the uploads since the last one",
    scheduleExpression: "cron(0 8 ? * MON *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    flexibleTimeWindow: { mode: "OFF" },
    kmsKeyArn: KEY_ARN,
    target: {
      arn: `arn:aws:mock:eu-central-1:${ACCOUNT}:digest-function`,
      roleArn: `arn:aws:mock:eu-central-1:${ACCOUNT}:digest-schedule-role`,
      input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
      deadLetterConfig: { arn: `arn:aws:mock:eu-central-1:${ACCOUNT}:digest-dead-letters` },
    },
  });
});

test("its role is for schedules of the stack's group alone, and may call this function and keep what failed", () => {
  expect(documentOf(resourceNamed(program, "digest-schedule-role"), "assumeRolePolicy")).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AssumedByService",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnEquals: {
            "aws:SourceArn": `arn:aws:scheduler:eu-central-1:${ACCOUNT}:schedule-group/image-pipeline-dev`,
          },
        },
      },
    ],
  });
  expect(documentOf(resourceNamed(program, "digest-schedule-permissions"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "CallTheFunction",
        Effect: "Allow",
        Action: ["lambda:InvokeFunction"],
        Resource: [`arn:aws:lambda:eu-central-1:${ACCOUNT}:function:image-pipeline-dev-digest`],
      },
      { Sid: "KeepWhatFailed", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [QUEUE] },
    ],
  });
  expect(documentOf(resourceNamed(program, "digest-schedule-key-permissions"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "UseTheKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [KEY_ARN],
        Condition: { StringEquals: { "kms:ViaService": ["sqs.eu-central-1.amazonaws.com"] } },
      },
      {
        Sid: "ReadTheSchedule",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [KEY_ARN],
        Condition: {
          ArnEquals: {
            "kms:EncryptionContext:aws:scheduler:schedule:arn": `arn:aws:scheduler:eu-central-1:${ACCOUNT}:schedule/image-pipeline-dev/image-pipeline-dev-digest`,
          },
        },
      },
    ],
  });
});
