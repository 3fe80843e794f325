import { GetRolePolicyCommand, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { dynamoDBDigestLedger, dynamoDBLedger } from "../handler/adapters/dynamodb/ledger.ts";
import { dynamoDBRecordReader } from "../handler/adapters/dynamodb/record-reader.ts";
import { dynamoDBAssetLibrary } from "../handler/adapters/dynamodb.ts";
import { s3RenditionWriter } from "../handler/adapters/s3/renditions.ts";
import { s3WatermarkReader } from "../handler/adapters/s3/watermarks.ts";
import { s3CurrentOriginal, s3SourceReader } from "../handler/adapters/s3.ts";
import { sharpImaging } from "../handler/adapters/sharp.ts";
import { snsNotifier } from "../handler/adapters/sns.ts";
import { sqsMessageQueue } from "../handler/adapters/sqs.ts";
import { handleBatch } from "../handler/app/handle-batch.ts";
import { requestReprocesses } from "../handler/app/request-reprocesses.ts";
import { type DigestPorts, sendDigest } from "../handler/app/send-digest.ts";
import type { Upload } from "../handler/core/events/s3-event.ts";
import type { Settings } from "../handler/core/settings/settings.ts";
import { DEFAULT_INPUT } from "../handler/core/source/source-image.ts";
import { DEFAULT_RENDITIONS, renditionSpecs } from "../handler/core/spec/rendition-spec.ts";
import { connect } from "../local/emulator/aws.ts";
import { type Pipeline, startPipeline } from "../local/start/pipeline.ts";
import type { Aws } from "../operator/aws.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS, refusedRequests } from "./local/support/emulated-aws.ts";
import { type ArnOf, type NeededGrant, recordGrants } from "./support/calls.ts";
import { FakePorts } from "./support/fakes.ts";
import { photo } from "./support/images.ts";
import { anUpload, notificationBody, s3Record, s3RecordOf, sqsEvent } from "./support/upload-events.ts";

const ACCOUNT = "000000000000";
const REGION = "us-east-1";

/** One grant of the role: an action, on a pattern of resources, under conditions. */
type Grant = {
  readonly action: string;
  readonly resource: string;
  readonly viaServices: readonly string[];
};

const documentSchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.literal("Allow"),
      Action: z.array(z.string()),
      Resource: z.array(z.string()),
      Condition: z.object({ StringEquals: z.object({ "kms:ViaService": z.array(z.string()) }) }).optional(),
    }),
  ),
});

let pipeline: Pipeline;
let granted: readonly Grant[];
let keyArn: string;

/** The grants of a deployed function's role, from IAM itself. */
const grantsOfRole = async (functionName: string): Promise<readonly Grant[]> => {
  const { aws } = pipeline;
  const { Role } = await roleOf(functionName);
  const { PolicyNames = [] } = await aws.iam.send(new ListRolePoliciesCommand({ RoleName: Role }));
  const documents = await Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await aws.iam.send(
        new GetRolePolicyCommand({ RoleName: Role, PolicyName }),
      );
      return documentSchema.parse(JSON.parse(decodeURIComponent(PolicyDocument)));
    }),
  );
  return documents.flatMap(({ Statement }) =>
    Statement.flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({
          action,
          resource,
          viaServices: Condition?.StringEquals["kms:ViaService"] ?? [],
        })),
      ),
    ),
  );
};

const roleOf = async (functionName: string): Promise<{ readonly Role: string }> => {
  const { Role = "" } = await pipeline.aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return { Role: Role.split("/").at(-1) ?? "" };
};

/** Has a pipeline of these settings for the tests of a group. */
const deployed = (settings: Readonly<Record<string, string>>): void => {
  beforeAll(async () => {
    pipeline = await startPipeline({
      logFile: logFileFor("grants.test.ts"),
      region: REGION,
      settings: { onDelete: "remove", recordTags: '["album"]', ...settings },
    });
    const { lambda } = pipeline.aws;
    // This test runs the handler itself; the deployed one must not do its work before it.
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID } of EventSourceMappings) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
    granted = await grantsOfRole(pipeline.outputs.functionName);
    keyArn = granted.find(({ action }) => action === "kms:Decrypt")?.resource ?? "";
  }, OUTCOME_TIMEOUT_MS);
  afterAll(async () => {
    await pipeline.close();
    expect(await refusedRequests(pipeline.emulator.logFile)).toEqual([]);
  });
};

const queueArn = (): string =>
  `arn:aws:sqs:${REGION}:${ACCOUNT}:${pipeline.outputs.queueUrl.split("/").at(-1)}`;

/** What an event source mapping does with the role (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions). */
const neededByMapping = (): readonly NeededGrant[] =>
  ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"].map((action) => ({
    action,
    resource: queueArn(),
  }));

/** What Lambda does with a function's role before, beside and after the handler, by its documentation. */
const neededByLambda = (logGroupName: string): readonly NeededGrant[] => [
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html; the log group is ours already.
  ...["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({
    action,
    resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroupName}:log-stream:2026/11/23/[$LATEST]x`,
  })),
  // https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
  ...["xray:PutTraceSegments", "xray:PutTelemetryRecords"].map((action) => ({ action, resource: "*" })),
];

/**
 * What each service asks of the key in the role's name. Reading needs Decrypt; writing to S3 and publishing to SNS
 * need a data key; Lambda decrypts the function's environment.
 */
const KEY_ACTIONS_BY_SERVICE = {
  dynamodb: ["kms:Decrypt"],
  lambda: ["kms:Decrypt"],
  s3: ["kms:Decrypt", "kms:GenerateDataKey"],
  sns: ["kms:Decrypt", "kms:GenerateDataKey"],
  sqs: ["kms:Decrypt"],
} as const;

const MARKED = renditionSpecs.parse([
  {
    name: "marked",
    width: 100,
    formats: ["webp"],
    prefix: "marked/",
    watermark: { image: "brand/logo.png" },
  },
]);

/** Each path of the handler that calls AWS in another way than the ones before it, with or without digests. */
const runEveryPath = async (ofHandler: Aws, digestTable?: string): Promise<void> => {
  const { aws, outputs } = pipeline;
  const settings: Settings = {
    region: REGION,
    sourceBucket: outputs.sourceBucket,
    destinationBucket: outputs.destinationBucket,
    assetTable: outputs.tableName,
    noticeTopicArn: outputs.topicArn,
    encryptionKeyArn: keyArn,
    renditions: [...DEFAULT_RENDITIONS, ...MARKED],
    limits: { maxBytes: 10_000_000, maxPixels: 10_000_000 },
    input: DEFAULT_INPUT,
    recordTags: ["album"],
    keepsPosition: false,
    maxImageSeconds: 25,
    maxReceiveCount: 5,
    links: { kind: "none" },
    onDelete: "remove",
    notices: digestTable === undefined ? "every" : "digest",
    codeSha256: "0".repeat(64),
    serviceName: outputs.functionName,
    metricsNamespace: "ImagePipeline",
    logLevel: "ERROR",

    imagingThreads: 1,
  };
  const ports = {
    ...new FakePorts().ports,
    source: s3SourceReader(ofHandler.s3, keyArn),
    watermarks: s3WatermarkReader(ofHandler.s3),
    renditions: s3RenditionWriter(ofHandler.s3, outputs.destinationBucket),
    imaging: sharpImaging({ maxPixels: settings.limits.maxPixels, threads: 1 }),
    library: dynamoDBAssetLibrary(ofHandler.dynamodb, {
      table: outputs.tableName,
      destinationBucket: outputs.destinationBucket,
      onDelete: settings.onDelete,
    }),
    notifier: snsNotifier(ofHandler.sns, outputs.topicArn),
    ledger: digestTable === undefined ? undefined : dynamoDBLedger(ofHandler.dynamodb, digestTable),
    clock: { now: () => new Date() },
  };
  const image = await photo({ width: 640, height: 480 }).jpeg().toBuffer();
  const put = async (key: string, bytes: Uint8Array): Promise<Upload> => {
    const { versionId } = await pipeline.upload(bytes, key);
    return anUpload({
      bucket: outputs.sourceBucket,
      key,
      sizeBytes: bytes.length,
      versionId,
      eTag: undefined,
    });
  };
  const handleBodies = (...bodies: readonly string[]) =>
    handleBatch({ settings, ports }, sqsEvent(bodies), () => 60_000);
  const handle = (...uploads: readonly Upload[]) =>
    handleBodies(...uploads.map((upload) => notificationBody(s3RecordOf(upload))));

  await put("brand/logo.png", await photo({ width: 60, height: 40 }).png().toBuffer());
  const whole = await put("whole.jpg", image);
  const marked = await put("marked/whole.jpg", image);
  const broken = await put("broken.jpg", image.subarray(0, 2000));
  const unversioned = { ...(await put("unversioned.jpg", image)), versionId: undefined };
  const deleted = await put("deleted.jpg", image);
  await aws.s3.send(
    new DeleteObjectCommand({ Bucket: deleted.bucket, Key: deleted.key, VersionId: deleted.versionId }),
  );
  expect(await handle(whole, marked, broken, unversioned, deleted)).toEqual({ batchItemFailures: [] });
  expect(await handle(whole)).toEqual({ batchItemFailures: [] });
  const states = await Promise.all(
    [whole, marked, broken, unversioned, deleted].map(async ({ key }) => {
      const { State, ReasonCode } = (await pipeline.record(key)) ?? {};
      return [key, State, ReasonCode];
    }),
  );
  expect(states).toEqual([
    ["whole.jpg", "PROCESSED", undefined],
    ["marked/whole.jpg", "PROCESSED", undefined],
    ["broken.jpg", "FAILED", "CORRUPT_IMAGE"],
    ["unversioned.jpg", "PROCESSED", undefined],
    ["deleted.jpg", "FAILED", "SOURCE_MISSING"],
  ]);
  const removal = s3Record({
    eventName: "ObjectRemoved:DeleteMarkerCreated",
    bucket: outputs.sourceBucket,
    object: { key: "whole.jpg", sequencer: "FF" },
  });
  await aws.s3.send(new DeleteObjectCommand({ Bucket: outputs.sourceBucket, Key: "whole.jpg" }));
  expect(await handleBodies(notificationBody(removal))).toEqual({ batchItemFailures: [] });
  expect(await pipeline.renditions("whole.jpg")).toEqual([]);
};

const covers = (grant: Grant, { action, resource }: NeededGrant): boolean => {
  const [prefix = "", ...rest] = grant.resource.split("*");
  return (
    grant.action === action &&
    (rest.length === 0 ? grant.resource === resource : resource.startsWith(prefix) && rest.join("") === "")
  );
};

type KeyActions = Readonly<Record<string, readonly string[]>>;

/** Holds grants against what is done with them, both ways, and prints what each is for. */
const expectGrantedIsUsed = (
  grants: readonly Grant[],
  byHandler: readonly NeededGrant[],
  byLambda: readonly NeededGrant[],
  keyActions: KeyActions,
): void => {
  const neededOfKey = Object.entries(keyActions).flatMap(([service, actions]) =>
    actions.map((action) => ({ action, resource: keyArn, via: `${service}.${REGION}.amazonaws.com` })),
  );
  const needed = [
    ...byHandler.map((grant) => ({ ...grant, by: "handler" })),
    ...byLambda.map((grant) => ({ ...grant, by: "Lambda" })),
    ...neededOfKey.map((grant) => ({ ...grant, by: grant.via })),
  ];
  console.table(
    grants.map((grant) => ({
      action: grant.action,
      resource: grant.resource,
      "used by": [...new Set(needed.filter((each) => covers(grant, each)).map(({ by }) => by))].join(", "),
    })),
  );
  expect(needed.filter((each) => !grants.some((grant) => covers(grant, each)))).toEqual([]);
  expect(grants.filter((grant) => !needed.some((each) => covers(grant, each)))).toEqual([]);
  const viaServices = new Set(grants.flatMap((grant) => grant.viaServices));
  expect(viaServices).toEqual(new Set(neededOfKey.map(({ via }) => via)));
};

const arnOf: ArnOf = (kind, name) =>
  ({
    bucket: `arn:aws:s3:::${name}`,
    table: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
    queue: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  })[kind];

describe("with a mail for each upload and an inventory", () => {
  deployed({ inventory: "daily" });

  test("the role is granted what the function does, and the function does what the role is granted", async () => {
    const ofHandler = connect(pipeline.emulator, REGION);
    const neededByHandler = recordGrants(ofHandler, arnOf);
    await runEveryPath(ofHandler);
    ofHandler.close();
    expectGrantedIsUsed(
      granted,
      neededByHandler,
      [...neededByMapping(), ...neededByLambda(pipeline.outputs.logGroupName)],
      KEY_ACTIONS_BY_SERVICE,
    );
  });

  test("so is the role of the function that S3 Batch Operations invokes", async () => {
    const { outputs } = pipeline;
    const functionName = outputs.functionName.replace(/processor$/, "reprocessor");
    const ofHandler = connect(pipeline.emulator, REGION);
    const neededByHandler = recordGrants(ofHandler, arnOf);
    const reprocessor = {
      settings: { sourceBucket: outputs.sourceBucket, renditions: DEFAULT_RENDITIONS },
      ports: {
        records: dynamoDBRecordReader(ofHandler.dynamodb, outputs.tableName),
        source: { current: s3CurrentOriginal(ofHandler.s3) },
        queue: sqsMessageQueue(ofHandler.sqs, outputs.queueUrl),
        log: new FakePorts().ports.log,
      },
    };
    await pipeline.upload(await photo({ width: 64, height: 48 }).jpeg().toBuffer(), "unknown.jpg");
    const answers = await Promise.all(
      ["unknown.jpg", "nowhere.jpg"].map(async (s3Key) => {
        const { results } = await requestReprocesses(reprocessor, {
          invocationSchemaVersion: "2.0",
          invocationId: "1",
          job: { id: "1", userArguments: { run: "2026-11-25T10:00:00.000Z", missing: "true" } },
          tasks: [{ taskId: "1", s3Bucket: outputs.sourceBucket, s3Key, s3VersionId: null }],
        });
        return results.map(({ resultString }) => resultString);
      }),
    );
    ofHandler.close();
    expect(answers).toEqual([["sent"], ["skipped: it is not there any more"]]);
    expectGrantedIsUsed(
      await grantsOfRole(functionName),
      neededByHandler,
      neededByLambda(`/aws/lambda/${functionName}`),
      // Looking at an object asks nothing of the key: HEAD decrypts nothing.
      { dynamodb: ["kms:Decrypt"], lambda: ["kms:Decrypt"], sqs: ["kms:Decrypt", "kms:GenerateDataKey"] },
    );
  });
});

describe("with digests", () => {
  deployed({ notices: "digest" });

  test("the processor may enter what becomes of uploads, and mail nobody", async () => {
    const ofHandler = connect(pipeline.emulator, REGION);
    const neededByHandler = recordGrants(ofHandler, arnOf);
    await runEveryPath(ofHandler, pipeline.outputs.digestFunctionName);
    ofHandler.close();
    const { sns: _, ...keyActions } = KEY_ACTIONS_BY_SERVICE;
    expectGrantedIsUsed(
      granted,
      neededByHandler,
      [...neededByMapping(), ...neededByLambda(pipeline.outputs.logGroupName)],
      keyActions,
    );
  });

  test("the function that sends digests is granted what it does, and does what it is granted", async () => {
    const { digestFunctionName: name = "", sourceBucket, destinationBucket, topicArn } = pipeline.outputs;
    const ofHandler = connect(pipeline.emulator, REGION);
    const neededByHandler = recordGrants(ofHandler, arnOf);
    let passed = 0;
    const ports: DigestPorts = {
      // Table and function have the same name.
      ledger: dynamoDBDigestLedger(ofHandler.dynamodb, name),
      notifier: snsNotifier(ofHandler.sns, topicArn),
      log: new FakePorts().ports.log,
      clock: { now: () => new Date(Date.now() + passed) },
      pause: async (ms) => {
        passed += ms;
      },
    };
    const sent = await sendDigest(
      {
        ports,
        places: { region: REGION, sourceBucket, destinationBucket, links: { kind: "none" }, timeZone: "UTC" },
        id: "run 1",
        remainingMs: () => 300_000,
      },
      { scheduledTime: new Date().toISOString() },
    );
    ofHandler.close();
    expect(sent).toMatchObject({ outcome: "mailed", processed: 3, failed: 2, deleted: 1 });
    expectGrantedIsUsed(
      await grantsOfRole(name),
      neededByHandler,
      [
        ...neededByLambda(`/aws/lambda/${name}`),
        // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
        { action: "sqs:SendMessage", resource: arnOf("queue", `${name}-dead-letters`) },
      ],
      {
        dynamodb: ["kms:Decrypt"],
        lambda: ["kms:Decrypt"],
        sns: ["kms:Decrypt", "kms:GenerateDataKey"],
        sqs: ["kms:Decrypt", "kms:GenerateDataKey"],
      },
    );
  });
});
