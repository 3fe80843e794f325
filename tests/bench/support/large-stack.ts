import type { SentResource } from "../../policy/support/analyzer.ts";
import { urnOf } from "../../policy/support/subject.ts";

const ACCOUNT = "123456789012";
const REGION = "eu-central-1";
const TAGS = { Project: "bench", Stack: "dev", Team: "images" };

const resource = (
  type: string,
  name: string,
  props: SentResource["props"],
  propertyDependencies: NonNullable<SentResource["propertyDependencies"]> = {},
): SentResource => ({ type, name, props, propertyDependencies });

const json = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** The 25 resources of one service as teams build them: bucket, queues, topic, table, function, its role and alarms. */
function service(index: number): readonly SentResource[] {
  const name = `service-${index}`;
  const key = arn("kms", `key/00000000-0000-0000-0000-${String(index).padStart(12, "0")}`);
  const bucketArn = `arn:aws:s3:::${name}-images`;
  const queueArn = arn("sqs", `${name}-ingest`);
  const topicArn = arn("sns", `${name}-notices`);
  const tableArn = arn("dynamodb", `table/${name}-assets`);
  const logGroupArn = arn("logs", `log-group:/aws/lambda/${name}`);
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const urn = (type: string, suffix: string) => urnOf(type, `${name}-${suffix}`);
  const denyPlainTransport = (action: string, resources: string[]) => ({
    Sid: "DenyPlainTransport",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const fromService = (principal: string, action: string, target: string, source: string) => ({
    Sid: "FromService",
    Effect: "Allow",
    Principal: { Service: principal },
    Action: action,
    Resource: target,
    Condition: { ArnLike: { "aws:SourceArn": source }, StringEquals: { "aws:SourceAccount": ACCOUNT } },
  });
  const bucket = urn("aws:s3/bucket:Bucket", "bucket");
  const ofBucket = { bucket: [bucket] };
  const role = urn("aws:iam/role:Role", "role");
  return [
    resource("image-pipeline:index:Service", name, {}),
    resource("aws:kms/key:Key", `${name}-key`, {
      arn: key,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: TAGS,
      policy: json(
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: "kms:*",
          Resource: "*",
        },
        fromService("s3.amazonaws.com", "kms:GenerateDataKey", "*", bucketArn),
      ),
    }),
    resource("aws:s3/bucket:Bucket", `${name}-bucket`, {
      bucket: `${name}-images`,
      id: `${name}-images`,
      arn: bucketArn,
      forceDestroy: false,
      tags: TAGS,
    }),
    resource(
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      `${name}-block`,
      {
        bucket: `${name}-images`,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ofBucket,
    ),
    resource(
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      `${name}-ownership`,
      { bucket: `${name}-images`, rule: { objectOwnership: "BucketOwnerEnforced" } },
      ofBucket,
    ),
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      `${name}-encryption`,
      {
        bucket: `${name}-images`,
        rules: [
          {
            bucketKeyEnabled: true,
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          },
        ],
      },
      ofBucket,
    ),
    resource(
      "aws:s3/bucketVersioning:BucketVersioning",
      `${name}-versioning`,
      { bucket: `${name}-images`, versioningConfiguration: { status: "Enabled" } },
      ofBucket,
    ),
    resource(
      "aws:s3/bucketPolicy:BucketPolicy",
      `${name}-bucket-policy`,
      {
        bucket: `${name}-images`,
        policy: json(denyPlainTransport("s3:*", [bucketArn, `${bucketArn}/*`])),
      },
      ofBucket,
    ),
    ...["ingest", "dead-letters"].map((queue) =>
      resource("aws:sqs/queue:Queue", `${name}-${queue}`, {
        name: `${name}-${queue}`,
        arn: arn("sqs", `${name}-${queue}`),
        url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}-${queue}`,
        kmsMasterKeyId: key,
        visibilityTimeoutSeconds: 360,
        tags: TAGS,
        ...(queue === "ingest"
          ? {
              redrivePolicy: JSON.stringify({
                deadLetterTargetArn: arn("sqs", `${name}-dead-letters`),
                maxReceiveCount: 5,
              }),
            }
          : {}),
      }),
    ),
    resource("aws:sqs/queuePolicy:QueuePolicy", `${name}-queue-policy`, {
      queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}-ingest`,
      policy: json(
        fromService("s3.amazonaws.com", "sqs:SendMessage", queueArn, bucketArn),
        denyPlainTransport("sqs:*", [queueArn]),
      ),
    }),
    resource("aws:sns/topic:Topic", `${name}-topic`, {
      name: `${name}-notices`,
      arn: topicArn,
      kmsMasterKeyId: key,
      tags: TAGS,
    }),
    resource("aws:sns/topicPolicy:TopicPolicy", `${name}-topic-policy`, {
      arn: topicArn,
      policy: json(
        fromService(
          "cloudwatch.amazonaws.com",
          "sns:Publish",
          topicArn,
          arn("cloudwatch", `alarm:${name}-*`),
        ),
        denyPlainTransport("sns:Publish", [topicArn]),
      ),
    }),
    resource("aws:dynamodb/table:Table", `${name}-table`, {
      name: `${name}-assets`,
      arn: tableArn,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "ImageKey",
      attributes: [{ name: "ImageKey", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn: key },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      tags: TAGS,
    }),
    resource("aws:cloudwatch/logGroup:LogGroup", `${name}-logs`, {
      name: `/aws/lambda/${name}`,
      arn: logGroupArn,
      retentionInDays: 30,
      kmsKeyId: key,
      tags: TAGS,
    }),
    resource("aws:iam/role:Role", `${name}-role`, {
      name,
      arn: roleArn,
      assumeRolePolicy: json({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      tags: TAGS,
    }),
    resource(
      "aws:iam/rolePolicy:RolePolicy",
      `${name}-permissions`,
      {
        name: "work",
        role: name,
        policy: json(
          { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: `${bucketArn}/*` },
          { Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
          { Effect: "Allow", Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: queueArn },
          { Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: tableArn },
          { Effect: "Allow", Action: "sns:Publish", Resource: topicArn },
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${logGroupArn}:*`,
          },
          { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" },
        ),
      },
      { role: [role] },
    ),
    resource(
      "aws:iam/rolePolicy:RolePolicy",
      `${name}-key-permissions`,
      {
        name: "use-the-key",
        role: name,
        policy: json({ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key }),
      },
      { role: [role] },
    ),
    resource(
      "aws:lambda/function:Function",
      `${name}-function`,
      {
        name,
        arn: arn("lambda", `function:${name}`),
        packageType: "Zip",
        handler: "index.handler",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        role: roleArn,
        memorySize: 1769,
        timeout: 60,
        kmsKeyArn: key,
        environment: { variables: { TABLE: `${name}-assets`, TOPIC: topicArn, LEVEL: "INFO" } },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: `/aws/lambda/${name}` },
        tags: TAGS,
      },
      { role: [role] },
    ),
    resource("aws:lambda/eventSourceMapping:EventSourceMapping", `${name}-uploads`, {
      eventSourceArn: queueArn,
      functionName: name,
      batchSize: 5,
      functionResponseTypes: ["ReportBatchItemFailures"],
    }),
    ...["backlog", "dead-letters", "errors", "throttles", "duration"].map((purpose) =>
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", `${name}-alarm-${purpose}`, {
        name: `${name}-${purpose}`,
        arn: arn("cloudwatch", `alarm:${name}-${purpose}`),
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: `${name}-ingest` },
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        evaluationPeriods: 1,
        period: 60,
        threshold: 1,
        statistic: "Maximum",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: TAGS,
      }),
    ),
  ];
}

/** A stack of that many resources, each document and name its own. */
export function largeStack(count: number): readonly SentResource[] {
  const resources: SentResource[] = [];
  for (let index = 0; resources.length < count; index++) resources.push(...service(index));
  return resources.slice(0, count);
}
