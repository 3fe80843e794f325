import { expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();
const QUEUE_ARN = "arn:aws:sqs:eu-central-1:123456789012:image-pipeline-dev-ingest";
const DEAD_LETTER_ARN = `${QUEUE_ARN}-dead-letters`;

test("the queue hides a message for six runs of the function, and gives up after five tries", () => {
  const { redrivePolicy, ...inputs } = resourceNamed(program, "ingest-queue").inputs;
  expect(inputs).toMatchObject({
    name: "image-pipeline-dev-ingest",
    kmsMasterKeyId: KEY_ARN,
    visibilityTimeoutSeconds: 360,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 20,
  });
  expect(JSON.parse(String(redrivePolicy))).toEqual({
    deadLetterTargetArn: DEAD_LETTER_ARN,
    maxReceiveCount: 5,
  });
});

test("dead letters are kept for two weeks and come from this queue only", () => {
  expect(resourceNamed(program, "ingest-dead-letters").inputs).toMatchObject({
    name: "image-pipeline-dev-ingest-dead-letters",
    kmsMasterKeyId: KEY_ARN,
    messageRetentionSeconds: 1_209_600,
  });
  const allow = resourceNamed(program, "ingest-redrive-allow-policy");
  expect(documentOf(allow, "redriveAllowPolicy")).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: [QUEUE_ARN],
  });
});

test("the source bucket alone may send to the queue, and everyone needs TLS", () => {
  const deny = (arn: string) => ({
    Sid: "DenyPlainTransport",
    Effect: "Deny",
    Principal: "*",
    Action: ["sqs:*"],
    Resource: [arn],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  expect(documentOf(resourceNamed(program, "ingest-policy"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "UploadsOfTheSourceBucket",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: [QUEUE_ARN],
        Condition: {
          ArnEquals: { "aws:SourceArn": "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b" },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      },
      deny(QUEUE_ARN),
    ],
  });
  expect(documentOf(resourceNamed(program, "ingest-dead-letters-policy"))).toEqual({
    Version: "2012-10-17",
    Statement: [deny(DEAD_LETTER_ARN)],
  });
});

test("what comes to the source bucket and goes from it is announced, once the queue admits the bucket", () => {
  const notification = resourceNamed(program, "ingest-notification");
  expect(notification.inputs).toEqual({
    bucket: "image-pipeline-dev-source-4e7c35c07b",
    queues: [
      {
        id: "uploads",
        queueArn: QUEUE_ARN,
        events: [
          "s3:ObjectCreated:*",
          "s3:ObjectRemoved:*",
          "s3:LifecycleExpiration:DeleteMarkerCreated",
          "s3:ObjectRestore:Completed",
        ],
      },
    ],
  });
  expect(notification.dependencies).toContain(resourceNamed(program, "ingest-policy").urn);
});

test("a message stays hidden while the queue gathers a batch, too", async () => {
  const config = { email: EMAIL, timeoutSeconds: "100", batchWindowSeconds: "300" };
  expect(resourceNamed(await runProgram({ config }), "ingest-queue").inputs).toMatchObject({
    visibilityTimeoutSeconds: 900,
  });
});

test("timeout, tries and retention follow the configuration", async () => {
  const config = { email: EMAIL, timeoutSeconds: "100", maxReceiveCount: "3", messageRetentionDays: "2" };
  const { redrivePolicy, ...inputs } = resourceNamed(await runProgram({ config }), "ingest-queue").inputs;
  expect(inputs).toMatchObject({ visibilityTimeoutSeconds: 600, messageRetentionSeconds: 172_800 });
  expect(JSON.parse(String(redrivePolicy))).toMatchObject({ maxReceiveCount: 3 });
});
