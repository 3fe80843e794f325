import { expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram({
  config: { email: EMAIL, notices: "digest", digestTimeZone: "Europe/Berlin", renditionLinks: "none" },
});
const ACCOUNT = "123456789012";
const TABLE = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/image-pipeline-dev-digest`;
const QUEUE = `arn:aws:sqs:eu-central-1:${ACCOUNT}:image-pipeline-dev-digest-dead-letters`;
const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:image-pipeline-dev-notices`;

const allow = (Sid: string, Action: readonly string[], ...Resource: readonly string[]) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

test("the ledger is read by time, encrypted with the stack's key, and forgets", () => {
  const { inputs, protect } = resourceNamed(program, "digest-ledger");
  expect(inputs).toMatchObject({
    name: "image-pipeline-dev-digest",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "Id",
    attributes: [
      { name: "Id", type: "S" },
      { name: "Part", type: "S" },
      { name: "At", type: "S" },
    ],
    globalSecondaryIndexes: [
      {
        name: "ByTime",
        keySchemas: [
          { attributeName: "Part", keyType: "HASH" },
          { attributeName: "At", keyType: "RANGE" },
        ],
        projectionType: "INCLUDE",
        nonKeyAttributes: ["ImageKey", "State", "ReasonCode", "BytesIn", "BytesOut"],
      },
    ],
    ttl: { attributeName: "ExpiresAt", enabled: true },
    serverSideEncryption: { enabled: true, kmsKeyArn: KEY_ARN },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: false,
  });
  expect(protect).toBe(false);
});

test("the function runs the handler of digests from the same zip", () => {
  expect(resourceNamed(program, "digest-function").inputs).toMatchObject({
    name: "image-pipeline-dev-digest",
    handler: "digest.handler",
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    memorySize: 1769,
    timeout: 300,
    kmsKeyArn: KEY_ARN,
    deadLetterConfig: { targetArn: `arn:aws:mock:eu-central-1:${ACCOUNT}:digest-dead-letters` },
    environment: {
      variables: {
        SOURCE_BUCKET: "image-pipeline-dev-source-4e7c35c07b",
        DESTINATION_BUCKET: "image-pipeline-dev-destination-4e7c35c07b",
        NOTICE_TOPIC_ARN: `arn:aws:mock:eu-central-1:${ACCOUNT}:notices-topic`,
        RENDITION_LINKS: "none",
        DIGEST_TABLE: "image-pipeline-dev-digest",
        DIGEST_TIME_ZONE: "Europe/Berlin",
        POWERTOOLS_SERVICE_NAME: "image-pipeline-dev-digest",
        POWERTOOLS_LOG_LEVEL: "INFO",
      },
    },
  });
});

test("its role may read the ledger, remember, publish and keep what failed, and nothing else", () => {
  expect(documentOf(resourceNamed(program, "digest-permissions"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      allow("ReadTheLedger", ["dynamodb:Query"], `${TABLE}/index/ByTime`),
      allow("RememberProgress", ["dynamodb:UpdateItem"], TABLE),
      allow("PublishNotices", ["sns:Publish"], TOPIC),
      allow("KeepWhatFailed", ["sqs:SendMessage"], QUEUE),
      allow(
        "WriteLogs",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/image-pipeline-dev-digest:*`,
      ),
      allow("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ],
  });
  expect(documentOf(resourceNamed(program, "digest-key-permissions"))).toMatchObject({
    Statement: [
      {
        Resource: [KEY_ARN],
        Condition: {
          StringEquals: {
            "kms:ViaService": ["dynamodb", "lambda", "sns", "sqs"].map(
              (service) => `${service}.eu-central-1.amazonaws.com`,
            ),
          },
        },
      },
    ],
  });
});

test("the processor enters what becomes of uploads, and may mail nobody", () => {
  expect(documentOf(resourceNamed(program, "processor-permissions"))).toMatchObject({
    Statement: expect.arrayContaining([allow("EnterForDigests", ["dynamodb:PutItem"], TABLE)]),
  });
  expect(resourceNamed(program, "processor-permissions").inputs["policy"]).not.toContain("sns:Publish");
  expect(resourceNamed(program, "processor-function").inputs).toMatchObject({
    environment: { variables: { NOTICES: "digest", DIGEST_TABLE: "image-pipeline-dev-digest" } },
  });
});

test("the stack's key lets CloudWatch Logs encrypt the function's log group", () => {
  expect(documentOf(resourceNamed(program, "encryption-key"))).toMatchObject({
    Statement: expect.arrayContaining([
      expect.objectContaining({
        Sid: "LogsOfDigests",
        Principal: { Service: "logs.eu-central-1.amazonaws.com" },
        Condition: {
          ArnEquals: {
            "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/image-pipeline-dev-digest`,
          },
        },
      }),
    ]),
  });
});
