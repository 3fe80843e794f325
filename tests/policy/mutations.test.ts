import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { controls } from "../../policy/controls/index.ts";
import { ACCOUNT_ID, KEY_ARN, REGION, type RecordedResource, runProgram } from "../support/program.ts";
import {
  add,
  type Change,
  change,
  remove,
  set,
  statement,
  variables,
  withoutStatement,
  withStatement,
} from "./support/program-changes.ts";
import { inputsOf, statesOf } from "./support/program-subjects.ts";
import { withRealArns } from "./support/real-arns.ts";
import { findingsOf, judge } from "./support/subject.ts";

let program: readonly RecordedResource[];
beforeAll(async () => {
  program = withRealArns(await runProgram()).resources;
}, 120_000);

const OTHER_ACCOUNT = "444455556666";
const FUNCTION = "image-pipeline-dev-processor";

/**
 * Changes that nobody should deploy, and the findings that catch them: `<control> <resource> <finding>`. No other control
 * may report anything, so people only read messages about what they changed.
 */
const mutations: readonly (readonly [what: string, mutate: Change, caughtBy: readonly string[]])[] = [
  [
    "a bucket's encryption is removed",
    remove("source-encryption"),
    ["S3-004 source-bucket Encryption::s3-managed-key"],
  ],
  [
    "a bucket is encrypted with S3's own keys",
    set("source-encryption", { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
    ["S3-004 source-bucket Encryption::s3-managed-key"],
  ],
  [
    "a bucket is encrypted with the AWS-managed key",
    set("source-encryption", {
      rules: [{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
    }),
    ["S3-004 source-bucket Encryption::aws-managed-key"],
  ],
  [
    "a bucket key is disabled",
    set("destination-encryption", {
      rules: [
        {
          bucketKeyEnabled: false,
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN },
        },
      ],
    }),
    ["S3-004 destination-bucket Encryption::bucket-key-disabled"],
  ],
  [
    "a public access block is removed",
    remove("source-public-access-block"),
    ["S3-001 source-bucket PublicAccessBlock::missing"],
  ],
  [
    "a public access block is opened",
    set("destination-public-access-block", { restrictPublicBuckets: false }),
    ["S3-002 destination-public-access-block Setting::restrictPublicBuckets"],
  ],
  [
    "ACLs are enabled",
    set("source-ownership", { rule: { objectOwnership: "ObjectWriter" } }),
    ["S3-005 source-ownership Ownership::acls-enabled"],
  ],
  [
    "an ACL makes a bucket public",
    set("destination-bucket", { acl: "public-read" }),
    ["S3-006 destination-bucket Acl::public"],
  ],
  [
    "a policy makes a bucket public",
    withStatement("destination-policy", {
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::image-pipeline-dev-destination-4e7c35c07b/*",
    }),
    ["POL-002 destination-policy Principal::Added"],
  ],
  [
    "a bucket grants access to another account",
    withStatement("destination-policy", {
      Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::image-pipeline-dev-destination-4e7c35c07b/*",
    }),
    ["POL-003 destination-policy Account::Added"],
  ],
  [
    "a bucket accepts plain HTTP",
    withoutStatement("source-policy", "DenyPlainTransport"),
    ["S3-003 source-bucket Transport::bucket", "S3-003 source-bucket Transport::objects"],
  ],
  [
    "a bucket accepts plain HTTP except for its objects",
    statement("source-policy", "DenyPlainTransport", {
      Resource: "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b/*",
    }),
    ["S3-003 source-bucket Transport::bucket"],
  ],
  [
    "a bucket's policy is removed",
    remove("destination-policy"),
    ["S3-003 destination-bucket Transport::policy-missing"],
  ],
  [
    "versioning is suspended",
    set("source-versioning", { versioningConfiguration: { status: "Suspended" } }),
    ["S3-007 source-bucket Versioning::disabled"],
  ],
  ["the lifecycle is removed", remove("source-lifecycle"), ["S3-008 source-bucket Lifecycle::missing"]],
  [
    "incomplete uploads are kept",
    change("source-lifecycle", (present) => ({
      ...present,
      rules: z
        .array(z.looseObject({ id: z.string() }))
        .parse(present["rules"])
        .filter(({ id }) => id !== "abort-incomplete-uploads"),
    })),
    ["S3-008 source-bucket Lifecycle::incomplete-uploads"],
  ],
  [
    "a bucket can be deleted with its objects",
    set("destination-bucket", { forceDestroy: true }),
    ["S3-011 destination-bucket ForceDestroy::enabled"],
  ],
  [
    "a bucket becomes a website",
    add("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", {
      bucket: "image-pipeline-dev-destination-4e7c35c07b",
      indexDocument: { suffix: "index.html" },
    }),
    ["S3-010 added Website::enabled"],
  ],
  [
    "the queue's key is removed",
    set("ingest-queue", { kmsMasterKeyId: undefined }),
    ["SQS-001 ingest-queue Encryption::sqs-managed-key"],
  ],
  [
    "the dead-letter queue is encrypted with the AWS-managed key",
    set("ingest-dead-letters", { kmsMasterKeyId: "alias/aws/sqs" }),
    ["SQS-001 ingest-dead-letters Encryption::aws-managed-key"],
  ],
  [
    "the queue accepts plain HTTP",
    withoutStatement("ingest-policy", "DenyPlainTransport"),
    ["SQS-002 ingest-queue Transport::queue"],
  ],
  [
    "the dead-letter queue has no policy",
    remove("ingest-dead-letters-policy"),
    ["SQS-002 ingest-dead-letters Transport::policy-missing"],
  ],
  [
    "anyone may send to the queue, and nobody is denied it",
    (resources) =>
      statement("ingest-policy", "UploadsOfTheSourceBucket", { Principal: "*", Condition: undefined })(
        withoutStatement("ingest-policy", "DenyOtherSenders")(resources),
      ),
    ["POL-002 ingest-policy Principal::UploadsOfTheSourceBucket"],
  ],
  [
    "S3 may send to the queue on behalf of anyone",
    statement("ingest-policy", "UploadsOfTheSourceBucket", { Condition: undefined }),
    ["POL-004 ingest-policy Source::UploadsOfTheSourceBucket/s3.amazonaws.com"],
  ],
  [
    "the queue's policy does not limit the account",
    statement("ingest-policy", "UploadsOfTheSourceBucket", {
      Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b" } },
    }),
    ["POL-004 ingest-policy SourceAccount::UploadsOfTheSourceBucket/s3.amazonaws.com"],
  ],
  [
    "the redrive policy is removed",
    set("ingest-queue", { redrivePolicy: undefined }),
    ["SQS-003 ingest-queue Redrive::missing"],
  ],
  [
    "messages become visible while they are processed",
    set("ingest-queue", { visibilityTimeoutSeconds: 60 }),
    ["SQS-004 ingest-queue VisibilityTimeout::processor-function"],
  ],
  [
    "any queue may use the dead-letter queue",
    remove("ingest-redrive-allow-policy"),
    ["SQS-005 ingest-dead-letters RedriveAllowPolicy::missing"],
  ],
  [
    "dead letters expire as early as the queue's messages",
    set("ingest-dead-letters", { messageRetentionSeconds: 345_600 }),
    ["SQS-006 ingest-dead-letters Retention::ingest-queue"],
  ],
  [
    "the topic's encryption is removed",
    set("notices-topic", { kmsMasterKeyId: undefined }),
    ["SNS-001 notices-topic Encryption::disabled"],
  ],
  [
    "the topic accepts plain HTTP",
    withoutStatement("notices-policy", "DenyPlainTransport"),
    ["SNS-002 notices-topic Transport::topic"],
  ],
  [
    "CloudWatch may publish on behalf of any account",
    statement("notices-policy", "AlarmsOfTheStack", { Condition: undefined }),
    ["POL-004 notices-policy Source::AlarmsOfTheStack/cloudwatch.amazonaws.com"],
  ],
  [
    "notices are sent over plain HTTP",
    set("notices-email", { protocol: "http", endpoint: "http://example.com/notices" }),
    ["SNS-003 notices-email Protocol::http", "SNS-004 notices-topic SignatureVersion::sha-1"],
  ],
  [
    "the table's point-in-time recovery is removed",
    set("assets-table", { pointInTimeRecovery: undefined }),
    ["DYNAMODB-002 assets-table PointInTimeRecovery::disabled"],
  ],
  [
    "the table's encryption is removed",
    set("assets-table", { serverSideEncryption: undefined }),
    ["DYNAMODB-001 assets-table Encryption::serverSideEncryption.kmsKeyArn"],
  ],
  [
    "the table can be deleted",
    set("assets-table", { deletionProtectionEnabled: false }),
    ["DYNAMODB-003 assets-table DeletionProtection::disabled"],
  ],
  [
    "the key's rotation is disabled",
    set("encryption-key", { enableKeyRotation: false }),
    ["KMS-001 encryption-key Rotation::disabled"],
  ],
  [
    "the key can be deleted within a week",
    set("encryption-key", { deletionWindowInDays: 7 }),
    ["KMS-002 encryption-key DeletionWindow::short"],
  ],
  [
    "the key is disabled",
    set("encryption-key", { isEnabled: false }),
    ["KMS-003 encryption-key Key::disabled"],
  ],
  [
    "everyone may administer the key",
    statement("encryption-key", "AccountDecides", { Principal: "*" }),
    [
      "POL-002 encryption-key Principal::AccountDecides",
      "POL-006 encryption-key Action::AccountDecides/kms:*",
    ],
  ],
  [
    "S3 may use the key on behalf of anyone",
    statement("encryption-key", "EventsToTheQueue", { Condition: undefined }),
    ["POL-004 encryption-key Source::EventsToTheQueue/s3.amazonaws.com"],
  ],
  [
    "the logs' encryption is removed",
    set("processor-logs", { kmsKeyId: undefined }),
    ["CLOUDWATCH-001 processor-logs Encryption::logs-managed-key"],
  ],
  [
    "the logs' retention is removed",
    set("processor-logs", { retentionInDays: undefined }),
    ["CLOUDWATCH-002 processor-logs Retention::endless"],
  ],
  [
    "an alarm has no action",
    set("observability-dead-letters", { alarmActions: [] }),
    ["CLOUDWATCH-003 observability-dead-letters Actions::missing"],
  ],
  [
    "an alarm's actions are disabled",
    set("observability-errors", { actionsEnabled: false }),
    ["CLOUDWATCH-003 observability-errors Actions::disabled"],
  ],
  [
    "a secret is in the environment",
    variables({ WEBHOOK_TOKEN: "hunter2" }),
    ["LAMBDA-003 processor-function Variable::WEBHOOK_TOKEN"],
  ],
  [
    "the environment's encryption is removed",
    set("processor-function", { kmsKeyArn: undefined }),
    ["LAMBDA-004 processor-function Encryption::aws-managed-key"],
  ],
  [
    "the runtime is no longer supported",
    set("processor-function", { runtime: "nodejs18.x" }),
    ["LAMBDA-005 processor-function Runtime::deprecated"],
  ],
  [
    "tracing is disabled",
    set("processor-function", { tracingConfig: { mode: "PassThrough" } }),
    ["LAMBDA-008 processor-function Tracing::inactive"],
  ],
  [
    "one bad image returns its whole batch",
    set("processor-uploads", { functionResponseTypes: [] }),
    ["LAMBDA-007 processor-uploads PartialBatches::missing"],
  ],
  [
    "the function has a public URL",
    add("aws:lambda/functionUrl:FunctionUrl", { functionName: FUNCTION, authorizationType: "NONE" }),
    ["LAMBDA-002 added Authorization::none"],
  ],
  [
    "any bucket may call the function",
    add("aws:lambda/permission:Permission", {
      function: FUNCTION,
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
    }),
    ["LAMBDA-001 added SourceAccount::missing", "LAMBDA-006 processor-function DeadLetters::missing"],
  ],
  [
    "another account may call the function",
    add("aws:lambda/permission:Permission", {
      function: FUNCTION,
      action: "lambda:InvokeFunction",
      principal: OTHER_ACCOUNT,
    }),
    ["LAMBDA-011 added Account::principal"],
  ],
  [
    "two functions share a role",
    add("aws:lambda/function:Function", {
      name: "second",
      role: `arn:aws:iam::${ACCOUNT_ID}:role/image-pipeline-dev-processor-4e7c35c07b`,
      runtime: "nodejs24.x",
      tracingConfig: { mode: "Active" },
    }),
    ["LAMBDA-009 added Role::shared", "LAMBDA-009 processor-function Role::shared"],
  ],
  [
    "the function may perform any action on its originals",
    statement("processor-permissions", "ReadOriginals", { Action: "s3:*" }),
    ["IAM-002 processor-permissions Action::s3:*"],
  ],
  [
    "the function may change any table",
    statement("processor-permissions", "UpdateRecords", { Resource: "*" }),
    ["IAM-003 processor-permissions Star::dynamodb:UpdateItem"],
  ],
  [
    "the function may read any bucket",
    statement("processor-permissions", "ReadOriginals", { Resource: "arn:aws:s3:::*/*" }),
    [
      "IAM-003 processor-permissions EveryResource::s3:GetObject",
      "IAM-003 processor-permissions EveryResource::s3:GetObjectVersion",
      "IAM-010 processor-permissions Action::s3:GetObject",
      "IAM-010 processor-permissions Action::s3:GetObjectVersion",
    ],
  ],
  [
    "the function may use any key",
    statement("processor-key-permissions", "UseTheKey", {
      Resource: `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/*`,
    }),
    [
      "IAM-003 processor-key-permissions EveryResource::kms:Decrypt",
      "IAM-003 processor-key-permissions EveryResource::kms:GenerateDataKey",
      "IAM-016 processor-key-permissions Key::UseTheKey",
    ],
  ],
  [
    "the function may pass any role",
    withStatement("processor-permissions", { Action: "iam:PassRole", Resource: "*" }),
    [
      "IAM-003 processor-permissions Star::iam:PassRole",
      "IAM-007 processor-permissions PassedToService::Added",
      "IAM-007 processor-permissions Role::Added",
    ],
  ],
  [
    "the function may do everything with its renditions except delete them",
    statement("processor-permissions", "WriteRenditions", {
      Action: undefined,
      NotAction: "s3:DeleteObject",
    }),
    ["POL-001 processor-permissions NotAction::WriteRenditions"],
  ],
  [
    "the function may do everything",
    withStatement("processor-permissions", { Action: "*", Resource: "*" }),
    ["IAM-002 processor-permissions Action::*", "IAM-011 processor-permissions Administrator::Added"],
  ],
  [
    "the function may write to a bucket that does not exist",
    statement("processor-permissions", "WriteRenditions", { Resource: "arn:aws:s3:::somewhere-else/*" }),
    ["IAM-017 processor-permissions Resource::WriteRenditions[0]"],
  ],
  [
    "the function may write to every bucket with its bucket's prefix",
    statement("processor-permissions", "WriteRenditions", {
      Resource: "arn:aws:s3:::image-pipeline-dev-destination*",
    }),
    ["IAM-022 processor-permissions Bucket::WriteRenditions"],
  ],
  [
    "the function may change tables through an incomplete ARN",
    statement("processor-permissions", "UpdateRecords", { Resource: "arn:aws:dynamodb" }),
    ["IAM-003 processor-permissions EveryResource::dynamodb:UpdateItem"],
  ],
  [
    "no alarm may publish because a wildcard is compared as plain text",
    statement("notices-policy", "AlarmsOfTheStack", {
      Condition: { StringEquals: { "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:*` } },
    }),
    ["POL-009 notices-policy Wildcard::AlarmsOfTheStack/aws:sourcearn"],
  ],
  [
    "the function gets a broad AWS-managed policy",
    add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: "image-pipeline-dev-processor-4e7c35c07b",
      policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    }),
    ["IAM-012 added Policy::AmazonS3FullAccess"],
  ],
  [
    "anyone may assume the function's role",
    statement("processor-role", "AssumedByService", { Principal: "*" }, "assumeRolePolicy"),
    [
      "IAM-014 processor-role Principal::AssumedByService",
      "IAM-015 processor-role Untrusted::lambda.amazonaws.com",
    ],
  ],
  [
    "another service may assume the function's role",
    statement(
      "processor-role",
      "AssumedByService",
      { Principal: { Service: "ec2.amazonaws.com" } },
      "assumeRolePolicy",
    ),
    [
      "IAM-015 processor-role Trust::ec2.amazonaws.com",
      "IAM-015 processor-role Untrusted::lambda.amazonaws.com",
    ],
  ],
  [
    "a policy document is malformed",
    set("processor-permissions", { policy: "{" }),
    ["IAM-001 processor-permissions Document::policy"],
  ],
  [
    "changes to a bucket's policy are ignored",
    change("source-policy", (present) => present, { ignoreChanges: ["policy"] }),
    ["POL-007 source-policy IgnoreChanges::policy"],
  ],
  [
    "the table can be destroyed with the stack",
    change("assets-table", (present) => present, { protect: false }),
    ["POL-008 assets-table Protect::off"],
  ],
];

/** All findings of the controls that are enabled by default: `<control> <resource> <finding>`. */
const findingsIn = (resources: readonly RecordedResource[]): readonly string[] => {
  const changed = { outputs: {}, resources };
  const [inputs, states] = [inputsOf(changed), statesOf(changed)];
  return controls
    .filter(({ level }) => level !== "disabled")
    .flatMap((control) => {
      const verdicts =
        control.kind === "stack" ? [judge(control, states)] : inputs.map((each) => judge(control, each));
      return verdicts.flatMap((verdict) => findingsOf(verdict).map((finding) => `${control.id} ${finding}`));
    })
    .toSorted();
};

describe("only the relevant controls report the change when", () => {
  it.each(mutations)("%s", (_, mutate, caughtBy) => {
    const before = findingsIn(program);
    const after = findingsIn(mutate(program));
    expect(after.filter((finding) => !before.includes(finding))).toEqual(caughtBy.toSorted());
  });
});
