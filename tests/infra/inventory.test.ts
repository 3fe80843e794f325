import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const SOURCE = "image-pipeline-dev-source-4e7c35c07b";
const DESTINATION = "image-pipeline-dev-destination-4e7c35c07b";
const LISTS = "image-pipeline-dev-inventory-4e7c35c07b";
const FUNCTION = "image-pipeline-dev-reprocessor";
const ACCOUNT = "123456789012";

const run = (config: Readonly<Record<string, string>>) => runProgram({ config: { email: EMAIL, ...config } });
const program = await run({ inventory: "daily" });

const throughServices = (...services: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "UseTheKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [KEY_ARN],
      Condition: {
        StringEquals: {
          "kms:ViaService": services.map((service) => `${service}.eu-central-1.amazonaws.com`),
        },
      },
    },
  ],
});

describe("an inventory", () => {
  test("is not made unless it is asked for", async () => {
    const { resources, outputs } = await run({});
    expect(resources.filter(({ type, name }) => /inventory/i.test(type) || /^inventory/.test(name))).toEqual(
      [],
    );
    expect(outputs["inventory"]).toBe("off");
  });

  test.each([
    ["originals", SOURCE],
    ["renditions", DESTINATION],
  ])("lists all %s there are now, encrypted with the stack's key", (of, bucket) => {
    const list = resourceNamed(program, `inventory-of-${of}`);
    expect(list.inputs).toEqual({
      bucket,
      name: "all",
      includedObjectVersions: "Current",
      optionalFields: ["Size", "LastModifiedDate", "ETag"],
      schedule: { frequency: "Daily" },
      destination: {
        bucket: {
          accountId: ACCOUNT,
          bucketArn: `arn:aws:s3:::${LISTS}`,
          format: "CSV",
          prefix: "lists",
          encryption: { sseKms: { keyId: KEY_ARN } },
        },
      },
    });
    expect(list.dependencies).toContain(resourceNamed(program, "inventory-lists-policy").urn);
  });

  test("is made as often as the configuration says", async () => {
    expect(resourceNamed(await run({ inventory: "weekly" }), "inventory-of-originals").inputs).toMatchObject({
      schedule: { frequency: "Weekly" },
    });
  });

  test("lies in a bucket of its own for a month, where S3 alone may put lists of these buckets", () => {
    const bucket = resourceNamed(program, "inventory-lists-bucket");
    expect(bucket.inputs).toMatchObject({ bucket: LISTS, forceDestroy: true });
    expect(bucket.protect).toBe(false);
    expect(resourceNamed(program, "inventory-lists-lifecycle").inputs["rules"]).toContainEqual({
      id: "expire-objects",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days: 30 },
    });
    expect(documentOf(resourceNamed(program, "inventory-lists-policy"))).toMatchObject({
      Statement: [
        {
          Sid: "WriteLists",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`arn:aws:s3:::${LISTS}/lists/*`],
          Condition: {
            StringEquals: {
              "aws:SourceAccount": ACCOUNT,
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
            ArnEquals: { "aws:SourceArn": [`arn:aws:s3:::${SOURCE}`, `arn:aws:s3:::${DESTINATION}`] },
          },
        },
        { Sid: "DenyPlainTransport" },
        { Sid: "DenyOtherEncryption" },
        { Sid: "DenyOtherKey" },
        { Sid: "DenyKeyOfTheAccount" },
        { Sid: "DenyKeyOfTheClient" },
      ],
    });
  });

  test("tells the operator's commands where it is and what works through it", () => {
    expect(program.outputs["inventory"]).toEqual({
      bucket: LISTS,
      functionArn: `arn:aws:mock:eu-central-1:${ACCOUNT}:inventory-reprocessor-function`,
      roleArn: `arn:aws:mock:eu-central-1:${ACCOUNT}:inventory-batch-role`,
    });
  });
});

describe("the role of S3 Batch Operations", () => {
  test("is assumed by it alone", () => {
    expect(documentOf(resourceNamed(program, "inventory-batch-role"), "assumeRolePolicy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumedByService",
          Effect: "Allow",
          Principal: { Service: "batchoperations.s3.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  test("may read the lists and invoke the one function, and nothing else", () => {
    expect(documentOf(resourceNamed(program, "inventory-batch-permissions"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadLists",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: [`arn:aws:s3:::${LISTS}/lists/*`],
        },
        {
          Sid: "Reprocess",
          Effect: "Allow",
          Action: ["lambda:InvokeFunction"],
          Resource: [`arn:aws:lambda:eu-central-1:${ACCOUNT}:function:${FUNCTION}`],
        },
      ],
    });
    expect(documentOf(resourceNamed(program, "inventory-batch-key-permissions"))).toEqual(
      throughServices("s3"),
    );
  });
});

describe("the function that it invokes", () => {
  test("runs the entry of its own in the pipeline's zip, with little memory", () => {
    const { code, ...inputs } = resourceNamed(program, "inventory-reprocessor-function").inputs;
    expect(code).toBeInstanceOf(pulumi.asset.FileArchive);
    expect(inputs).toEqual({
      name: FUNCTION,
      description: "Has originals processed once more, for S3 Batch Operations",
      packageType: "Zip",
      handler: "reprocessor.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      role: `arn:aws:mock:eu-central-1:${ACCOUNT}:inventory-reprocessor-role`,
      memorySize: 256,
      timeout: 60,
      kmsKeyArn: KEY_ARN,
      environment: {
        variables: {
          SOURCE_BUCKET: SOURCE,
          ASSET_TABLE: "image-pipeline-dev-assets",
          QUEUE_URL: `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/image-pipeline-dev-ingest`,
          RENDITIONS: expect.stringContaining('"name":"thumbnail"'),
          POWERTOOLS_SERVICE_NAME: FUNCTION,
          POWERTOOLS_LOG_LEVEL: "INFO",
        },
      },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: `/aws/lambda/${FUNCTION}`,
        applicationLogLevel: "INFO",
        systemLogLevel: "WARN",
      },
      tags: { Project: "image-pipeline", Stack: "dev" },
    });
  });

  test("may look at originals and records and send messages, and nothing else", () => {
    const logs = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/${FUNCTION}`;
    expect(documentOf(resourceNamed(program, "inventory-reprocessor-permissions"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LookAtOriginals",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: [`arn:aws:s3:::${SOURCE}/*`],
        },
        {
          Sid: "TellMissingFromForbidden",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: [`arn:aws:s3:::${SOURCE}`],
        },
        {
          Sid: "ReadRecords",
          Effect: "Allow",
          Action: ["dynamodb:GetItem"],
          Resource: [`arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/image-pipeline-dev-assets`],
        },
        {
          Sid: "SendMessages",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: [`arn:aws:sqs:eu-central-1:${ACCOUNT}:image-pipeline-dev-ingest`],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`${logs}:*`],
        },
        {
          Sid: "WriteTraces",
          Effect: "Allow",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: ["*"],
        },
      ],
    });
    expect(documentOf(resourceNamed(program, "inventory-reprocessor-key-permissions"))).toEqual(
      throughServices("dynamodb", "lambda", "sqs"),
    );
  });

  test("writes to a log group that the key's policy lets CloudWatch encrypt", () => {
    expect(resourceNamed(program, "inventory-reprocessor-logs").inputs).toMatchObject({
      name: `/aws/lambda/${FUNCTION}`,
      retentionInDays: 30,
      kmsKeyId: KEY_ARN,
    });
    expect(documentOf(resourceNamed(program, "encryption-key"))).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Sid: "LogsOfTheReprocessor",
          Principal: { Service: "logs.eu-central-1.amazonaws.com" },
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/${FUNCTION}`,
            },
          },
        }),
      ]),
    });
  });

  test("is not traced unless that is wanted", async () => {
    const quiet = await run({ inventory: "daily", tracing: "false" });
    expect(resourceNamed(quiet, "inventory-reprocessor-function").inputs).toMatchObject({
      tracingConfig: { mode: "PassThrough" },
    });
    expect(
      JSON.stringify(documentOf(resourceNamed(quiet, "inventory-reprocessor-permissions"))),
    ).not.toContain("xray");
  });
});
