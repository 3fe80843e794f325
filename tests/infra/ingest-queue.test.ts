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

const denySending = (arn: string, principals: readonly string[]) => ({
  Sid: "DenyOtherSenders",
  Effect: "Deny",
  Principal: "*",
  Action: ["sqs:SendMessage"],
  Resource: [arn],
  Condition: {
    Bool: { "aws:PrincipalIsAWSService": "false" },
    ArnNotLike: { "aws:PrincipalArn": principals },
  },
});

const DEPLOYER = ["arn:aws:iam::123456789012:role/Deployer", "arn:aws:iam::123456789012:role/*/Deployer"];

test("nobody sends to the queue but the source bucket and who runs the stack, and everyone needs TLS", () => {
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
      denySending(QUEUE_ARN, DEPLOYER),
    ],
  });
  expect(documentOf(resourceNamed(program, "ingest-dead-letters-policy"))).toEqual({
    Version: "2012-10-17",
    Statement: [deny(DEAD_LETTER_ARN), denySending(DEAD_LETTER_ARN, DEPLOYER)],
  });
});

test("the operators that are named may send, and the function that reprocesses by lists where there is one", async () => {
  const operators = ["arn:aws:iam::123456789012:role/ops/Redrive", "arn:aws:iam::123456789012:user/ada"];
  const config = { email: EMAIL, operators: JSON.stringify(operators), inventory: "daily" };
  const named = await runProgram({ config });
  const reprocessor = "arn:aws:iam::123456789012:role/image-pipeline-dev-reprocessor-4e7c35c07b";
  expect(documentOf(resourceNamed(named, "ingest-policy"))).toMatchObject({
    Statement: [{}, {}, denySending(QUEUE_ARN, [reprocessor, ...operators])],
  });
  expect(documentOf(resourceNamed(named, "ingest-dead-letters-policy"))).toMatchObject({
    Statement: [{}, denySending(DEAD_LETTER_ARN, operators)],
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
});

test("S3 is asked to announce last, after the queue's policy, the key and the function's subscription", () => {
  const before = new Set<string>();
  const collect = (urn: string): void => {
    for (const dependency of program.resources.find((each) => each.urn === urn)?.dependencies ?? []) {
      if (before.has(dependency)) continue;
      before.add(dependency);
      collect(dependency);
    }
  };
  collect(resourceNamed(program, "ingest-notification").urn);
  for (const name of [
    "encryption-key",
    "ingest-queue",
    "ingest-policy",
    "processor-function",
    "processor-uploads",
  ]) {
    expect([...before], name).toContain(resourceNamed(program, name).urn);
  }
});

test("is asked again where the queue is too new for S3's test event", () => {
  const hooked = program.resources.filter(({ errorHooks }) => errorHooks.length > 0);
  expect(hooked.map(({ name, errorHooks }) => [name, errorHooks])).toEqual([
    ["ingest-notification", ["ingest-notification-retries"]],
  ]);
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
