import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DigestEnvironment } from "../handler/core/settings/environment.ts";
import { createDigestSchedule, type DigestSettings, digestTimeZone } from "./digest-schedule.ts";
import type { Encryption, ViaService } from "./encryption.ts";
import { type CommonFunctionSettings, createFunction, type FunctionArgs } from "./function.ts";
import type { Deployment, PhysicalResources } from "./naming.ts";
import type { Notifications } from "./notifications.ts";
import { denyPlainTransport, encryptLogs, policyDocument, type Statement } from "./permissions.ts";
import { createTable, type TableIndex } from "./table.ts";

export type DigestArgs = CommonFunctionSettings &
  DigestSettings &
  Pick<FunctionArgs, "comingValues"> & {
    readonly deployment: Deployment;
    readonly names: PhysicalResources;
    readonly keyArn: pulumi.Input<string>;
    readonly encryption: Encryption;
    readonly notices: Notifications;
    /** The order in which digests are read. */
    readonly index: TableIndex;
    readonly zipPath: string;
    readonly sourceBucket: pulumi.Input<string>;
    readonly destinationBucket: pulumi.Input<string>;
    /** How digests link to what is stored: `console`, `none` or an https address. */
    readonly renditionLinks: pulumi.Input<string>;
  };

const SECONDS_A_DAY = 86_400;

/** Time for some twenty million uploads: 79,000 were read and added up in a second of one core, measured. */
const TIMEOUT_SECONDS = 300;
/** One vCPU: with less memory it would take as much longer, and cost the same. */
const MEMORY_MB = 1769;

/** Services that use the key for the function's role; for the schedule's role the queue alone does. */
const KEY_SERVICES: readonly ViaService[] = ["dynamodb", "lambda", "sns", "sqs"];

/** The ledger of what became of uploads, the function that mails it, and the schedule that calls it. */
export class Digest extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly #tableArn: string;

  constructor(name: string, args: DigestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Digest", name, {}, opts);
    const { names, encryption, index, keyArn } = args;
    this.#tableArn = names.digestTable.arn;

    // What was mailed may go: a ledger that refuses to would keep digests from being switched off.
    const table = createTable(
      `${name}-ledger`,
      {
        table: names.digestTable,
        hashKey: "Id",
        indexes: [index],
        keyArn,
        protectData: false,
        expiry: "ExpiresAt",
      },
      this,
    );
    const deadLetters = new aws.sqs.Queue(
      `${name}-dead-letters`,
      {
        name: names.digestDeadLetterQueue.name,
        kmsMasterKeyId: keyArn,
        messageRetentionSeconds: 14 * SECONDS_A_DAY,
      },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      `${name}-dead-letters-policy`,
      {
        queueUrl: deadLetters.url,
        policy: policyDocument([denyPlainTransport("sqs:*", [names.digestDeadLetterQueue.arn])]),
      },
      { parent: this },
    );
    const sender = createFunction(
      name,
      {
        architecture: args.architecture,
        logLevel: args.logLevel,
        logRetentionDays: args.logRetentionDays,
        permissionsBoundary: args.permissionsBoundary,
        tracing: args.tracing,
        zipPath: args.zipPath,
        comingValues: args.comingValues,
        keyArn,
        names: { function: names.digest, role: names.digestRole, logGroup: names.digestLogGroup },
        description: "Mails what became of the uploads since the last digest",
        handler: "digest.handler",
        memoryMb: MEMORY_MB,
        timeoutSeconds: TIMEOUT_SECONDS,
        environment: {
          SOURCE_BUCKET: args.sourceBucket,
          DESTINATION_BUCKET: args.destinationBucket,
          NOTICE_TOPIC_ARN: args.notices.topicArn,
          RENDITION_LINKS: args.renditionLinks,
          DIGEST_TABLE: table.name,
          DIGEST_TIME_ZONE: digestTimeZone(args),
          POWERTOOLS_SERVICE_NAME: names.digest.name,
          POWERTOOLS_LOG_LEVEL: args.logLevel,
        } satisfies Readonly<Record<keyof DigestEnvironment, pulumi.Input<string>>>,
        statements: [
          {
            sid: "ReadTheLedger",
            actions: ["dynamodb:Query"],
            resources: [`${names.digestTable.arn}/index/${index.name}`],
          },
          {
            sid: "RememberProgress",
            actions: ["dynamodb:UpdateItem"],
            resources: [names.digestTable.arn],
          },
          args.notices.publish(),
          {
            sid: "KeepWhatFailed",
            actions: ["sqs:SendMessage"],
            resources: [names.digestDeadLetterQueue.arn],
          },
        ],
        keyStatement: encryption.useThrough(KEY_SERVICES),
        deadLetterQueueArn: deadLetters.arn,
      },
      this,
    );
    createDigestSchedule(
      `${name}-schedule`,
      {
        ...args,
        functionArn: sender.function.arn,
        deadLetterQueueArn: deadLetters.arn,
        keyStatement: encryption.useThrough(["sqs"]),
      },
      this,
    );

    this.tableName = table.name;
    this.functionName = sender.function.name;
    this.registerOutputs({ tableName: this.tableName, functionName: this.functionName });
  }

  /** Entering what became of an upload. */
  enter(): Statement {
    return { sid: "EnterForDigests", actions: ["dynamodb:PutItem"], resources: [this.#tableArn] };
  }
}

/** What digests need of the stack's key: CloudWatch Logs encrypts the function's logs with it. */
export const digestKeyGrants = (
  isSent: boolean,
  deployment: Deployment,
  { digestLogGroup }: PhysicalResources,
): readonly Statement[] => (isSent ? [encryptLogs("LogsOfDigests", deployment, digestLogGroup)] : []);
