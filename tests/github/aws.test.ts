import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { actionTable, resourceFits } from "../../policy/aws/action-table.ts";
import { EMAIL, runProgram } from "../support/program.ts";

const strings = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const documentSchema = z.object({
  Statement: z.array(z.object({ Sid: z.string(), Action: strings, Resource: strings })),
});

const filledIn = (text: string): string =>
  text
    .replaceAll("SECRETS_KEY_ARN", "arn:aws:kms:REGION:ACCOUNT_ID:key/11111111-2222-3333-4444-555555555555")
    .replaceAll("ACCOUNT_ID", "123456789012")
    .replaceAll("REGION", "eu-central-1")
    .replaceAll("STATE_BUCKET", "my-pulumi-state");

/** AWS's reference files it under destinations, the API's documentation speaks of sources: both are granted. */
const MISFILED = "logs:DeleteDeliverySource";

const textOf = (role: string): string =>
  filledIn(readFileSync(join(import.meta.dirname, `../../.github/aws/${role}.json`), "utf8"));
const grantsOf = (role: string) =>
  documentSchema
    .parse(JSON.parse(textOf(role)))
    .Statement.flatMap(({ Action, Resource }) => Action.map((action) => ({ action, resources: Resource })));

describe.each(["preview", "deploy"])("the policy of the role that CI takes to %s", (role) => {
  const grants = grantsOf(role);

  it("names actions that AWS has, none by a wildcard", () => {
    const names = grants.map(({ action }) => action);
    expect(names.map((name) => actionTable().find(name)?.name)).toEqual(names);
  });

  it("limits every action that can be limited, to resources that it acts on", () => {
    for (const { action, resources } of grants) {
      const facts = actionTable().find(action);
      expect(resources.includes("*"), action).toBe(facts?.wildcardOnly);
      if (action === MISFILED) continue;
      const fitting = resources.filter((resource) => facts !== undefined && resourceFits(facts, resource));
      expect(fitting, action).toEqual(resources);
    }
  });

  it("fits into a role", () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
    expect(textOf(role).replaceAll(/\s/g, "").length).toBeLessThanOrEqual(10_240);
  });
});

/** What AWS asks a deployer for when a resource of the type is made. */
const MAKES: Readonly<Record<string, string>> = {
  "aws:cloudfront/distribution:Distribution": "cloudfront:CreateDistribution",
  "aws:cloudfront/originAccessControl:OriginAccessControl": "cloudfront:CreateOriginAccessControl",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": "cloudfront:CreateResponseHeadersPolicy",
  "aws:cloudwatch/dashboard:Dashboard": "cloudwatch:PutDashboard",
  "aws:cloudwatch/logDelivery:LogDelivery": "logs:CreateDelivery",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "logs:PutDeliveryDestination",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": "logs:PutDeliverySource",
  "aws:cloudwatch/logGroup:LogGroup": "logs:CreateLogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:PutMetricAlarm",
  "aws:dynamodb/table:Table": "dynamodb:CreateTable",
  "aws:iam/role:Role": "iam:CreateRole",
  "aws:iam/rolePolicy:RolePolicy": "iam:PutRolePolicy",
  "aws:kms/alias:Alias": "kms:CreateAlias",
  "aws:kms/key:Key": "kms:CreateKey",
  "aws:kms/keyPolicy:KeyPolicy": "kms:PutKeyPolicy",
  "aws:lambda/eventSourceMapping:EventSourceMapping": "lambda:CreateEventSourceMapping",
  "aws:lambda/function:Function": "lambda:CreateFunction",
  "aws:s3/bucket:Bucket": "s3:CreateBucket",
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": "s3:PutBucketCORS",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "aws:s3/bucketNotification:BucketNotification": "s3:PutBucketNotification",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "s3:PutBucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy": "s3:PutBucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "s3:PutEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning": "s3:PutBucketVersioning",
  "aws:s3/inventory:Inventory": "s3:PutInventoryConfiguration",
  "aws:scheduler/schedule:Schedule": "scheduler:CreateSchedule",
  "aws:scheduler/scheduleGroup:ScheduleGroup": "scheduler:CreateScheduleGroup",
  "aws:sns/topic:Topic": "sns:CreateTopic",
  "aws:sns/topicPolicy:TopicPolicy": "sns:SetTopicAttributes",
  "aws:sns/topicSubscription:TopicSubscription": "sns:Subscribe",
  "aws:sqs/queue:Queue": "sqs:CreateQueue",
  "aws:sqs/queuePolicy:QueuePolicy": "sqs:SetQueueAttributes",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "sqs:SetQueueAttributes",
};

describe("the role that CI takes to deploy", () => {
  it("may make every type of resource that the program makes, with every option on", async () => {
    const { resources } = await runProgram({
      config: {
        email: EMAIL,
        delivery: "true",
        corsAllowedOrigins: '["https://www.example.com"]',
        inventory: "daily",
        notices: "digest",
        reservedConcurrency: "20",
      },
    });
    const types = [...new Set(resources.filter(({ custom }) => custom).map(({ type }) => type))].sort();
    const granted = grantsOf("deploy").map(({ action }) => action);
    const missing = types.filter((type) => !granted.includes(MAKES[type] ?? type));
    expect(types.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});
