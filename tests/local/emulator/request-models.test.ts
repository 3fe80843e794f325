import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ListMetricsCommand, PutMetricAlarmCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, GetRoleCommand, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, InvokeCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { CreateScheduleCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreateTopicCommand,
  PublishCommand,
  VerifySMSSandboxPhoneNumberCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ListQueuesCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { PYTHON } from "../../../local/emulator/emulator.ts";
import type { Aws } from "../../../operator/aws.ts";
import { runBotocore } from "../support/botocore.ts";
import { emulatedAws, logFileFor } from "../support/emulated-aws.ts";

const emulated = emulatedAws({ refuses: true });

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** An input as a program without types might send it. */
const untyped = (input: object) => JSON.parse(JSON.stringify(input));

const ROLE = "arn:aws:iam::000000000000:role/some-role";
const FUNCTION = {
  FunctionName: "some-function",
  Role: ROLE,
  Code: { S3Bucket: "some-bucket", S3Key: "code.zip" },
};
const TABLE = {
  TableName: "some-table",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "a", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "a", KeyType: "HASH" }],
};
const SCHEDULE = {
  Name: "some-schedule",
  ScheduleExpression: "rate(1 day)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: "arn:aws:lambda:eu-central-1:000000000000:function:f", RoleArn: ROLE },
};
const ALARM = {
  AlarmName: "some-alarm",
  ComparisonOperator: "GreaterThanThreshold",
  EvaluationPeriods: 1,
};

type Refused = readonly [string, (aws: Aws) => Promise<unknown>, string];

/** What the emulator itself would take, or refuse in other words. */
const REFUSED: readonly Refused[] = [
  [
    "S3: a value outside an enum",
    ({ s3 }) =>
      s3.send(
        new PutBucketVersioningCommand(
          untyped({ Bucket: "some-bucket", VersioningConfiguration: { Status: "On" } }),
        ),
      ),
    's3:PutBucketVersioning VersioningConfiguration.Status: expected one of Enabled, Suspended, got "On"',
  ],
  [
    "S3: an enum in a header",
    ({ s3 }) =>
      s3.send(
        new PutObjectCommand(untyped({ Bucket: "some-bucket", Key: "a", Body: "a", StorageClass: "WARM" })),
      ),
    "s3:PutObject StorageClass: expected one of STANDARD, REDUCED_REDUNDANCY, ",
  ],
  [
    "S3: a number over the most",
    ({ s3 }) => s3.send(new ListBucketsCommand({ MaxBuckets: 10_001 })),
    "s3:ListBuckets MaxBuckets: expected at most 10000, got 10001: 10001",
  ],
  [
    "S3: a missing member in a list",
    ({ s3 }) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand(
          untyped({
            Bucket: "some-bucket",
            NotificationConfiguration: { QueueConfigurations: [{ QueueArn: "arn:aws:sqs:::q" }] },
          }),
        ),
      ),
    "s3:PutBucketNotificationConfiguration NotificationConfiguration.QueueConfigurations[0].Events: expected a value, got none",
  ],
  [
    "S3: an enum in a list of a list",
    ({ s3 }) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand(
          untyped({
            Bucket: "some-bucket",
            LifecycleConfiguration: {
              Rules: [
                {
                  Status: "Enabled",
                  Filter: { Prefix: "" },
                  Transitions: [{ Days: 1, StorageClass: "COLD" }],
                },
              ],
            },
          }),
        ),
      ),
    "s3:PutBucketLifecycleConfiguration LifecycleConfiguration.Rules[0].Transitions[0].StorageClass: expected one of GLACIER, ",
  ],
  [
    "S3: a text that matches no pattern",
    ({ s3 }) => s3.send(new CopyObjectCommand({ Bucket: "some-bucket", Key: "a", CopySource: "no-slash" })),
    String.raw`s3:CopyObject CopySource: expected what matches \/?.+\/.+, got "no-slash"`,
  ],
  [
    "Lambda: a value outside an enum",
    ({ lambda }) => lambda.send(new CreateFunctionCommand(untyped({ ...FUNCTION, Runtime: "nodejs99.x" }))),
    "lambda:CreateFunction Runtime: expected one of nodejs, ",
  ],
  [
    "Lambda: a description that is too long",
    ({ lambda }) => lambda.send(new CreateFunctionCommand({ ...FUNCTION, Description: "d".repeat(257) })),
    `lambda:CreateFunction Description: expected at most 256 characters, got 257: "${"d".repeat(59)}...`,
  ],
  [
    "Lambda: a missing member",
    ({ lambda }) => lambda.send(new CreateFunctionCommand(untyped({ ...FUNCTION, Role: undefined }))),
    "lambda:CreateFunction Role: expected a value, got none",
  ],
  [
    "Lambda: a text that matches no pattern",
    ({ lambda }) => lambda.send(new CreateFunctionCommand({ ...FUNCTION, Role: "some-role" })),
    String.raw`lambda:CreateFunction Role: expected what matches arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+, got "some-role"`,
  ],
  [
    "Lambda: a name in the path that matches no pattern",
    ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: "some function" })),
    "lambda:Invoke FunctionName: expected what matches ",
  ],
  [
    "Lambda: a number in the query over the most",
    ({ lambda }) => lambda.send(new ListFunctionsCommand({ MaxItems: 10_001 })),
    "lambda:ListFunctions MaxItems: expected at most 10000, got 10001: 10001",
  ],
  [
    "SQS: a key outside an enum",
    ({ sqs }) =>
      sqs.send(
        new CreateQueueCommand(untyped({ QueueName: "some-queue", Attributes: { DelayedSeconds: "1" } })),
      ),
    "sqs:CreateQueue Attributes (key): expected one of All, Policy, ",
  ],
  [
    "SQS: a missing member",
    ({ sqs }) =>
      sqs.send(new DeleteMessageCommand(untyped({ QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q" }))),
    "sqs:DeleteMessage ReceiptHandle: expected a value, got none",
  ],
  [
    "SQS: another type",
    ({ sqs }) => sqs.send(new ListQueuesCommand(untyped({ MaxResults: "ten" }))),
    'sqs:ListQueues MaxResults: expected a integer, got "ten"',
  ],
  [
    "DynamoDB: a value outside an enum",
    ({ dynamodb }) => dynamodb.send(new CreateTableCommand(untyped({ ...TABLE, BillingMode: "ON_DEMAND" }))),
    'dynamodb:CreateTable BillingMode: expected one of PROVISIONED, PAY_PER_REQUEST, got "ON_DEMAND"',
  ],
  [
    "DynamoDB: a name that is too long",
    ({ dynamodb }) =>
      dynamodb.send(new CreateTableCommand(untyped({ ...TABLE, TableName: "t".repeat(1025) }))),
    `dynamodb:CreateTable TableName: expected at most 1024 characters, got 1025: "${"t".repeat(59)}...`,
  ],
  [
    "DynamoDB: a missing member",
    ({ dynamodb }) => dynamodb.send(new PutItemCommand(untyped({ TableName: "some-table" }))),
    "dynamodb:PutItem Item: expected a value, got none",
  ],
  [
    "DynamoDB: a text that matches no pattern",
    ({ dynamodb }) => dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: "some table" })),
    'dynamodb:ListTables ExclusiveStartTableName: expected what matches [a-zA-Z0-9_.-]+, got "some table"',
  ],
  [
    "SNS: a key that is too long",
    ({ sns }) =>
      sns.send(new CreateTopicCommand({ Name: "some-topic", Tags: [{ Key: "k".repeat(129), Value: "" }] })),
    `sns:CreateTopic Tags[0].Key: expected at most 128 characters, got 129: "${"k".repeat(59)}...`,
  ],
  [
    "SNS: a missing member",
    ({ sns }) => sns.send(new PublishCommand(untyped({ Subject: "s" }))),
    "sns:Publish Message: expected a value, got none",
  ],
  [
    "SNS: a missing member in a map",
    ({ sns }) =>
      sns.send(
        new PublishCommand(untyped({ Message: "m", MessageAttributes: { kind: { StringValue: "v" } } })),
      ),
    'sns:Publish MessageAttributes["kind"].DataType: expected a value, got none',
  ],
  [
    "SNS: a text that matches no pattern, and is not shown since it is sensitive",
    ({ sns }) =>
      sns.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber: "+49 123", OneTimePassword: "12345" })),
    String.raw`sns:VerifySMSSandboxPhoneNumber PhoneNumber: expected what matches ^(\+[0-9]{8,}|[0-9]{0,9})$, got a sensitive value`,
  ],
  [
    "IAM: a value outside an enum",
    ({ iam }) =>
      iam.send(new UpdateAccessKeyCommand(untyped({ AccessKeyId: "AKIA0123456789ABCDEF", Status: "Off" }))),
    'iam:UpdateAccessKey Status: expected one of Active, Inactive, Expired, got "Off"',
  ],
  [
    "IAM: a name that is too long",
    ({ iam }) => iam.send(new GetRoleCommand({ RoleName: "r".repeat(65) })),
    `iam:GetRole RoleName: expected at most 64 characters, got 65: "${"r".repeat(59)}...`,
  ],
  [
    "IAM: a missing member",
    ({ iam }) => iam.send(new CreateRoleCommand(untyped({ RoleName: "some-role" }))),
    "iam:CreateRole AssumeRolePolicyDocument: expected a value, got none",
  ],
  [
    "IAM: a tag that matches no pattern of Unicode's categories",
    ({ iam }) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: "some-role",
          AssumeRolePolicyDocument: "{}",
          Tags: [
            { Key: "größe 1", Value: "ok" },
            { Key: "size;1", Value: "" },
          ],
        }),
      ),
    String.raw`iam:CreateRole Tags[1].Key: expected what matches [\p{L}\p{Z}\p{N}_.:/=+\-@]+, got "size;1"`,
  ],
  [
    "KMS: a value outside an enum",
    ({ kms }) => kms.send(new CreateKeyCommand(untyped({ KeySpec: "AES_256" }))),
    "kms:CreateKey KeySpec: expected one of RSA_2048, ",
  ],
  [
    "KMS: a name that is too long",
    ({ kms }) =>
      kms.send(new CreateAliasCommand({ AliasName: `alias/${"a".repeat(251)}`, TargetKeyId: "1234" })),
    `kms:CreateAlias AliasName: expected at most 256 characters, got 257: "alias/${"a".repeat(53)}...`,
  ],
  [
    "KMS: a missing member",
    ({ kms }) => kms.send(new CreateAliasCommand(untyped({ AliasName: "alias/a" }))),
    "kms:CreateAlias TargetKeyId: expected a value, got none",
  ],
  [
    "KMS: a text that matches no pattern",
    ({ kms }) => kms.send(new CreateAliasCommand({ AliasName: "alias/a b", TargetKeyId: "1234" })),
    'kms:CreateAlias AliasName: expected what matches ^[a-zA-Z0-9:/_-]+$, got "alias/a b"',
  ],
  [
    "Scheduler: a value outside an enum",
    ({ scheduler }) =>
      scheduler.send(new CreateScheduleCommand(untyped({ ...SCHEDULE, FlexibleTimeWindow: { Mode: "ON" } }))),
    'scheduler:CreateSchedule FlexibleTimeWindow.Mode: expected one of OFF, FLEXIBLE, got "ON"',
  ],
  [
    "Scheduler: a name that is too long",
    ({ scheduler }) =>
      scheduler.send(new CreateScheduleCommand(untyped({ ...SCHEDULE, Name: "s".repeat(65) }))),
    `scheduler:CreateSchedule Name: expected at most 64 characters, got 65: "${"s".repeat(59)}...`,
  ],
  [
    "Scheduler: a missing member",
    ({ scheduler }) => scheduler.send(new CreateScheduleCommand(untyped({ ...SCHEDULE, Target: undefined }))),
    "scheduler:CreateSchedule Target: expected a value, got none",
  ],
  [
    "Scheduler: a text in the query that matches no pattern",
    ({ scheduler }) => scheduler.send(new ListSchedulesCommand({ GroupName: "some group" })),
    'scheduler:ListSchedules GroupName: expected what matches ^[0-9a-zA-Z-_.]+$, got "some group"',
  ],
  [
    "CloudWatch: a value outside an enum",
    ({ cloudwatch }) =>
      cloudwatch.send(new PutMetricAlarmCommand(untyped({ ...ALARM, ComparisonOperator: ">" }))),
    "cloudwatch:PutMetricAlarm ComparisonOperator: expected one of GreaterThanOrEqualToThreshold, ",
  ],
  [
    "CloudWatch: a text that matches no pattern",
    ({ cloudwatch }) => cloudwatch.send(new ListMetricsCommand({ Namespace: ":AWS" })),
    'cloudwatch:ListMetrics Namespace: expected what matches [^:].*, got ":AWS"',
  ],
  [
    "Logs: a name that is too long",
    ({ logs }) => logs.send(new CreateLogGroupCommand({ logGroupName: "l".repeat(513) })),
    `logs:CreateLogGroup logGroupName: expected at most 512 characters, got 513: "${"l".repeat(59)}...`,
  ],
  [
    "Logs: a text that matches no pattern",
    ({ logs }) => logs.send(new PutRetentionPolicyCommand({ logGroupName: "a group", retentionInDays: 7 })),
    String.raw`logs:PutRetentionPolicy logGroupName: expected what matches [\.\-_/#A-Za-z0-9]+, got "a group"`,
  ],
];

test.for(REFUSED)("%s is refused, with the operation, the member and the rule", async ([, send, problem]) => {
  await expect(send(emulated.aws)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(problem),
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
  expect(await readFile(logFileFor("request-models.test.ts"), "utf8")).toContain(
    `request refused: ${problem}`,
  );
});

test("a member that the model does not have is refused", async () => {
  const { dynamodb, s3 } = emulated.aws;
  const listing = new ListTablesCommand({});
  listing.middlewareStack.add(
    (next) => (args) => next({ ...args, request: Object.assign(args.request ?? {}, { body: '{"Most":1}' }) }),
    { step: "build", priority: "high", name: "unknownMember" },
  );
  await expect(dynamodb.send(listing)).rejects.toMatchObject({
    message: "dynamodb:ListTables Most: expected no such member, got 1",
  });
  const buckets = new ListBucketsCommand({});
  buckets.middlewareStack.add(
    (next) => (args) =>
      next({ ...args, request: Object.assign(args.request ?? {}, { query: { most: "1" } }) }),
    { step: "build", name: "unknownParameter" },
  );
  await expect(s3.send(buckets)).rejects.toMatchObject({
    message: 's3:ListBuckets ?most: expected no such member, got "1"',
  });
});

test("a value that would break a line of the log is escaped", async () => {
  const { logs } = emulated.aws;
  await expect(
    logs.send(new CreateLogGroupCommand({ logGroupName: "a\nrequest refused: \u001b[31m\u202e" })),
  ).rejects.toMatchObject({
    message: expect.stringContaining(String.raw`got "a\nrequest refused: \u001b[31m\u202e"`),
  });
});

test("what AWS takes is carried out, in each protocol and with bodies of all kinds", async () => {
  const { s3, sqs, sns, cloudwatch, lambda } = emulated.aws;
  await s3.send(new CreateBucketCommand({ Bucket: "taken" }));
  const Key = "a (b)/é+*&.txt";
  await s3.send(
    new PutObjectCommand({
      Bucket: "taken",
      Key,
      Body: Buffer.alloc(3_000_000, 7),
      Metadata: { "some-note": "n" },
      Tagging: "a=b",
      ChecksumAlgorithm: "SHA256",
    }),
  );
  await s3.send(
    new CopyObjectCommand({ Bucket: "taken", Key: "copy", CopySource: `taken/${encodeURIComponent(Key)}` }),
  );
  const copy = await s3.send(new GetObjectCommand({ Bucket: "taken", Key: "copy", Range: "bytes=0-9" }));
  expect(copy.ContentLength).toBe(10);
  const deleted = await s3.send(
    new DeleteObjectsCommand({ Bucket: "taken", Delete: { Objects: [{ Key }, { Key: "copy" }] } }),
  );
  expect(deleted.Deleted).toHaveLength(2);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "taken" }));
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: "m",
      MessageAttributes: { blob: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) } },
    }),
  );
  const { TopicArn } = await sns.send(
    new CreateTopicCommand({ Name: "taken", Tags: [{ Key: "a", Value: "b" }] }),
  );
  await sns.send(
    new PublishCommand({
      TopicArn,
      Message: "m",
      MessageAttributes: { kind: { DataType: "String", StringValue: "notice" } },
    }),
  );
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "Test",
      MetricData: [
        { MetricName: "a", Value: 1.5, Timestamp: new Date(), Dimensions: [{ Name: "n", Value: "v" }] },
      ],
    }),
  );
  await expect(
    lambda.send(
      new InvokeCommand({ FunctionName: "arn:aws:lambda:eu-central-1:000000000000:function:none:1" }),
    ),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("of a table's key an unknown type of attribute is named by its place", async () => {
  await expect(
    emulated.aws.dynamodb.send(
      new CreateTableCommand(
        untyped({ ...TABLE, KeySchema: [TABLE.KeySchema[0], { AttributeName: "b", KeyType: "SORT" }] }),
      ),
    ),
  ).rejects.toMatchObject({
    message: 'dynamodb:CreateTable KeySchema[1].KeyType: expected one of HASH, RANGE, got "SORT"',
  });
});

test("a phone number is asked for in the query protocol as any other member", async () => {
  await expect(
    emulated.aws.sns.send(new CheckIfPhoneNumberIsOptedOutCommand(untyped({}))),
  ).rejects.toMatchObject({
    message: "sns:CheckIfPhoneNumberIsOptedOut phoneNumber: expected a value, got none",
  });
});

test("as a program it judges what reaches no emulator, with S3's buckets in hosts or paths", async () => {
  const judge = spawn(PYTHON, [join(ROOT, "local", "emulator", "request_models.py")]);
  const versioning = (status: string, url: string, host: string) =>
    JSON.stringify({
      service: "s3",
      method: "PUT",
      url,
      headers: { Host: host },
      body: Buffer.from(
        `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      ).toString("base64"),
    });
  judge.stdin.end(
    [
      versioning("Enabled", "/?versioning", "some.bucket.s3.eu-central-1.amazonaws.com"),
      versioning("On", "/?versioning", "some.bucket.s3.eu-central-1.amazonaws.com"),
      versioning("On", "/some.bucket?versioning", "127.0.0.1:4566"),
      versioning("Enabled", "/?versioned", "some.bucket.s3.eu-central-1.amazonaws.com"),
    ].join("\n"),
  );
  const enumProblem =
    's3:PutBucketVersioning VersioningConfiguration.Status: expected one of Enabled, Suspended, got "On"';
  expect(
    (await text(judge.stdout))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { problem: null },
    { problem: enumProblem },
    { problem: enumProblem },
    { problem: 's3:CreateBucket CreateBucketConfiguration.Status: expected no such member, got "Enabled"' },
  ]);
});

test("every pattern of the services' models can be matched", async () => {
  const script = `
import sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, "local", "emulator"))})
from request_models import model_of
from request_rules import compiled
names = "cloudwatch dynamodb iam kms lambda logs s3 s3control scheduler sns sqs sts".split()
shapes = [model_of(name).service.shape_for(shape) for name in names for shape in model_of(name).service.shape_names]
print(len([compiled(shape.metadata["pattern"]) for shape in shapes if "pattern" in shape.metadata]) > 200)
`;
  expect(await runBotocore(script, {})).toBe("True");
});
