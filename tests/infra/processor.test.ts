import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();
const NAME = "image-pipeline-dev-processor";
const ARN = "arn:aws:sqs:eu-central-1:123456789012:image-pipeline-dev";

test("the function runs the zip on Lambda's newest Node, on the configured CPU", async () => {
  const { code, environment, ...inputs } = resourceNamed(program, "processor-function").inputs;
  expect(inputs).toEqual({
    name: NAME,
    description: "Makes renditions of each image that arrives in the source bucket",
    packageType: "Zip",
    handler: "index.handler",
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    role: "arn:aws:mock:eu-central-1:123456789012:processor-role",
    memorySize: 1769,
    timeout: 60,
    kmsKeyArn: KEY_ARN,
    tracingConfig: { mode: "Active" },
    loggingConfig: {
      logFormat: "JSON",
      logGroup: `/aws/lambda/${NAME}`,
      applicationLogLevel: "INFO",
      systemLogLevel: "WARN",
    },
    tags: { Project: "image-pipeline", Stack: "dev" },
  });
  expect(code).toBeInstanceOf(pulumi.asset.FileArchive);
  expect(code instanceof pulumi.asset.FileArchive && (await code.path)).toMatch(
    /\.cache\/handler\/arm64\.zip$/,
  );
  expect(environment).toEqual({
    variables: {
      SOURCE_BUCKET: "image-pipeline-dev-source-4e7c35c07b",
      DESTINATION_BUCKET: "image-pipeline-dev-destination-4e7c35c07b",
      ASSET_TABLE: "image-pipeline-dev-assets",
      NOTICE_TOPIC_ARN: "arn:aws:mock:eu-central-1:123456789012:notices-topic",
      ENCRYPTION_KEY_ARN: KEY_ARN,
      RENDITIONS: JSON.stringify([
        { name: "thumbnail", width: 200, height: 200, fit: "cover", formats: ["webp", "auto"] },
        { name: "medium", width: 800, height: 800, fit: "inside", formats: ["webp", "auto"] },
        { name: "large", width: 1600, height: 1600, fit: "inside", formats: ["webp", "auto"] },
      ]),
      MAX_IMAGE_BYTES: "104857600",
      MAX_IMAGE_PIXELS: "50000000",
      MAX_IMAGE_SECONDS: "24",
      MAX_RECEIVE_COUNT: "5",
      SVG: "refuse",
      HEIC_PREVIEW_SIDE: "1000",
      RECORD_TAGS: "",
      KEEP_POSITION: "false",
      RENDITION_LINKS: "console",
      ON_DELETE: "keep",
      NOTICES: "every",
      CODE_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/),
      POWERTOOLS_SERVICE_NAME: NAME,
      POWERTOOLS_METRICS_NAMESPACE: "ImagePipeline",
      POWERTOOLS_LOG_LEVEL: "INFO",
    },
  });
});

test("the role may do what the components offer, its logs and its traces, and nothing else", () => {
  expect(documentOf(resourceNamed(program, "processor-role"), "assumeRolePolicy")).toMatchObject({
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ],
  });
  const allow = (Sid: string, Action: string[], ...Resource: string[]) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const source = "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b";
  const destination = "arn:aws:s3:::image-pipeline-dev-destination-4e7c35c07b";
  expect(documentOf(resourceNamed(program, "processor-permissions"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      allow("ReadOriginals", ["s3:GetObject", "s3:GetObjectVersion"], `${source}/*`),
      allow("TellMissingFromForbidden", ["s3:ListBucket"], source),
      allow("WriteRenditions", ["s3:PutObject", "s3:GetObject"], `${destination}/*`),
      allow("FindRenditions", ["s3:ListBucket"], destination),
      allow(
        "ConsumeUploads",
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        `${ARN}-ingest`,
      ),
      allow(
        "UpdateRecords",
        ["dynamodb:UpdateItem"],
        "arn:aws:dynamodb:eu-central-1:123456789012:table/image-pipeline-dev-assets",
      ),
      allow(
        "PublishNotices",
        ["sns:Publish"],
        "arn:aws:sns:eu-central-1:123456789012:image-pipeline-dev-notices",
      ),
      allow(
        "WriteLogs",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/${NAME}:*`,
      ),
      allow("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ],
  });
  expect(
    program.resources
      .filter(({ type }) => /iam/.test(type))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["processor-key-permissions", "processor-permissions", "processor-role"]);
});

test("the role may delete renditions where the configuration wants them removed, and nowhere else", async () => {
  const removing = await runProgram({ config: { email: EMAIL, onDelete: "remove" } });
  const document = JSON.stringify(documentOf(resourceNamed(removing, "processor-permissions")));
  expect(document).toContain(
    '"Action":["s3:PutObject","s3:GetObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::image-pipeline-dev-destination-4e7c35c07b/*"]',
  );
  expect(document.match(/s3:Delete/g)).toHaveLength(1);
});

test("the log group is made by us: encrypted, and not kept for ever", () => {
  expect(resourceNamed(program, "processor-logs").inputs).toMatchObject({
    name: `/aws/lambda/${NAME}`,
    retentionInDays: 30,
    kmsKeyId: KEY_ARN,
  });
});

test("the queue hands over batches and takes back the failed messages alone", () => {
  const mapping = resourceNamed(program, "processor-uploads");
  expect(mapping.inputs).toMatchObject({
    functionName: NAME,
    batchSize: 5,
    maximumBatchingWindowInSeconds: 0,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 10 },
  });
});

test("the function waits for its permissions", () => {
  const { dependencies } = resourceNamed(program, "processor-function");
  expect(dependencies).toContain(resourceNamed(program, "processor-permissions").urn);
  expect(dependencies).toContain(resourceNamed(program, "processor-key-permissions").urn);
});

test("without tracing there is no permission for it", async () => {
  const config = { email: EMAIL, tracing: "false", reservedConcurrency: "30", logLevel: "WARN" };
  const untraced = await runProgram({ config });
  expect(resourceNamed(untraced, "processor-function").inputs).toMatchObject({
    tracingConfig: { mode: "PassThrough" },
    reservedConcurrentExecutions: 30,
    loggingConfig: { applicationLogLevel: "WARN" },
  });
  expect(JSON.stringify(documentOf(resourceNamed(untraced, "processor-permissions")))).not.toContain("xray");
});

test("the function may read object tags only where records keep some", async () => {
  const actionsOf = async (config: Readonly<Record<string, string>>) =>
    JSON.stringify(
      documentOf(
        resourceNamed(await runProgram({ config: { email: EMAIL, ...config } }), "processor-permissions"),
      ),
    );
  expect(await actionsOf({})).not.toContain("Tagging");
  expect(await actionsOf({ recordTags: '["album"]' })).toContain(
    '"Action":["s3:GetObject","s3:GetObjectVersion","s3:GetObjectTagging","s3:GetObjectVersionTagging"]',
  );
});
