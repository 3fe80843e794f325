import { expect, test } from "vitest";
import { denyPlainTransport, policyDocument, trust, writeTraces } from "../../infra/permissions.ts";

const parsed = (...statements: Parameters<typeof policyDocument>[0]): unknown =>
  JSON.parse(policyDocument(statements));

test("a role's statement names actions and resources, and no principal", () => {
  expect(
    parsed({
      sid: "Publish",
      actions: ["sns:Publish"],
      resources: ["arn:aws:sns:eu-central-1:123456789012:notices"],
    }),
  ).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Publish",
        Effect: "Allow",
        Action: ["sns:Publish"],
        Resource: ["arn:aws:sns:eu-central-1:123456789012:notices"],
      },
    ],
  });
});

test("a service and an account are written as IAM's principals", () => {
  expect(
    parsed(
      {
        sid: "Service",
        principals: { service: "s3.amazonaws.com" },
        actions: ["sqs:SendMessage"],
        resources: ["*"],
      },
      {
        sid: "Account",
        principals: { account: "arn:aws:iam::123456789012:root" },
        actions: ["kms:*"],
        resources: ["*"],
      },
    ),
  ).toMatchObject({
    Statement: [
      { Principal: { Service: "s3.amazonaws.com" } },
      { Principal: { AWS: "arn:aws:iam::123456789012:root" } },
    ],
  });
});

test("a trust policy has no resource", () => {
  expect(parsed(trust("lambda.amazonaws.com"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AssumedByService",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["sts:AssumeRole"],
      },
    ],
  });
});

test("plain transport is denied to everyone", () => {
  expect(parsed(denyPlainTransport("sqs:*", ["arn:aws:sqs:eu-central-1:123456789012:ingest"]))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyPlainTransport",
        Effect: "Deny",
        Principal: "*",
        Action: ["sqs:*"],
        Resource: ["arn:aws:sqs:eu-central-1:123456789012:ingest"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
});

test("traces are the one thing that is written without a resource", () => {
  expect(writeTraces()).toEqual({
    sid: "WriteTraces",
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    resources: ["*"],
  });
});
