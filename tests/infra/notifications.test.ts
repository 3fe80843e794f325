import { expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();
const TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:image-pipeline-dev-notices";

test("the topic is encrypted with the stack's key", () => {
  expect(resourceNamed(program, "notices-topic").inputs).toMatchObject({
    name: "image-pipeline-dev-notices",
    kmsMasterKeyId: KEY_ARN,
  });
});

test("the stack's alarms may publish, and everyone needs TLS", () => {
  expect(documentOf(resourceNamed(program, "notices-policy"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsOfTheStack",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: [TOPIC_ARN],
        Condition: {
          ArnLike: {
            "aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:image-pipeline-dev-*",
          },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      },
      {
        Sid: "DenyPlainTransport",
        Effect: "Deny",
        Principal: "*",
        Action: ["sns:Publish"],
        Resource: [TOPIC_ARN],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
});

test("the owner is subscribed by an address that stays secret", () => {
  const subscription = resourceNamed(program, "notices-email");
  expect(subscription.inputs).toMatchObject({ protocol: "email", endpoint: EMAIL });
  expect(subscription.secrets).toEqual(["endpoint"]);
  const elsewhere = program.resources.filter(({ name }) => name !== "notices-email");
  expect(JSON.stringify([elsewhere, program.outputs])).not.toContain(EMAIL);
});
