import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { denySending } from "./operators.ts";
import { denyPlainTransport, policyDocument, type Statement } from "./permissions.ts";
import type { PrivateBucket } from "./private-bucket.ts";
import { retryWhile } from "./retries.ts";

export type IngestQueueArgs = {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** The bucket whose events are announced in the queue. */
  readonly source: PrivateBucket;
  /** ARNs of roles and users that may send messages as well, patterns allowed. */
  readonly operators: readonly string[];
  /** ARNs of the stack's own roles that send messages. */
  readonly senders: readonly string[];
  /** Longest run of the function in seconds. */
  readonly timeoutSeconds: number;
  /** How long the queue gathers a batch, in seconds, 0 to 300. */
  readonly batchWindowSeconds: number;
  /** Tries before a message goes to the dead-letter queue, 1 to 1000. */
  readonly maxReceiveCount: number;
  /** How long an unprocessed message is kept, 1 to 13 days: shorter than the dead-letter queue, which counts from the same moment. */
  readonly messageRetentionDays: number;
};

const SECONDS_A_DAY = 86_400;
/** SQS keeps no message longer (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html). */
const LONGEST_RETENTION_DAYS = 14;
/** What AWS asks for, besides the batch window, so that a throttled batch is not received twice at once (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const VISIBILITY_TIMEOUTS_A_RUN = 6;

/**
 * What may change an original: it arrives, is taken away by somebody or by a lifecycle rule, or can be read again that
 * was archived. Of a lifecycle rule's events only delete markers are asked for: the rest are the ends of versions that
 * were not current.
 */
const EVENTS = [
  "s3:ObjectCreated:*",
  "s3:ObjectRemoved:*",
  "s3:LifecycleExpiration:DeleteMarkerCreated",
  "s3:ObjectRestore:Completed",
] as const;

/** What S3 answers when its test event did not get through. */
const UNABLE_TO_VALIDATE = "Unable to validate the following destination configurations";

/** The queue of uploads between the source bucket and the function, and the dead-letter queue behind it. */
export class IngestQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #queueArn: string;
  readonly #source: PrivateBucket;
  readonly #admitted: readonly pulumi.Resource[];

  constructor(name: string, args: IngestQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:IngestQueue", name, {}, opts);
    const { ingestQueue, deadLetterQueue, sourceBucket } = args.names;
    this.#name = name;
    this.#queueArn = ingestQueue.arn;
    this.#source = args.source;
    const child = { parent: this };

    const deadLetters = new aws.sqs.Queue(
      `${name}-dead-letters`,
      {
        name: deadLetterQueue.name,
        kmsMasterKeyId: args.keyArn,
        messageRetentionSeconds: LONGEST_RETENTION_DAYS * SECONDS_A_DAY,
      },
      child,
    );
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      {
        name: ingestQueue.name,
        kmsMasterKeyId: args.keyArn,
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS_A_RUN * args.timeoutSeconds + args.batchWindowSeconds,
        messageRetentionSeconds: args.messageRetentionDays * SECONDS_A_DAY,
        receiveWaitTimeSeconds: 20,
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: deadLetterQueue.arn,
          maxReceiveCount: args.maxReceiveCount,
        }),
      },
      { parent: this, dependsOn: deadLetters },
    );
    new aws.sqs.RedriveAllowPolicy(
      `${name}-redrive-allow-policy`,
      {
        queueUrl: deadLetters.url,
        redriveAllowPolicy: JSON.stringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [ingestQueue.arn],
        }),
      },
      child,
    );
    new aws.sqs.QueuePolicy(
      `${name}-dead-letters-policy`,
      {
        queueUrl: deadLetters.url,
        policy: policyDocument([
          denyPlainTransport("sqs:*", [deadLetterQueue.arn]),
          // What is forged here would come to the queue by a redrive.
          denySending(deadLetterQueue.arn, args.operators),
        ]),
      },
      child,
    );
    const queuePolicy = new aws.sqs.QueuePolicy(
      `${name}-policy`,
      {
        queueUrl: queue.url,
        policy: policyDocument([
          {
            sid: "UploadsOfTheSourceBucket",
            principals: { service: "s3.amazonaws.com" },
            actions: ["sqs:SendMessage"],
            resources: [ingestQueue.arn],
            conditions: {
              ArnEquals: { "aws:SourceArn": sourceBucket.arn },
              StringEquals: { "aws:SourceAccount": args.deployment.accountId },
            },
          },
          denyPlainTransport("sqs:*", [ingestQueue.arn]),
          denySending(ingestQueue.arn, [...args.senders, ...args.operators]),
        ]),
      },
      child,
    );
    this.#admitted = [queue, queuePolicy];

    this.arn = queue.arn;
    this.url = queue.url;
    this.deadLetterQueueUrl = deadLetters.url;
    this.registerOutputs({ url: this.url, deadLetterQueueUrl: this.deadLetterQueueUrl });
  }

  /**
   * Has S3 announce what comes to the bucket and goes from it. S3 sends a test event to the queue before it agrees, with
   * the key and under the policy that are seconds old in a first deployment: so this comes late, and is tried again.
   *
   * @param after what takes its time, and comes before
   */
  announceUploads(after: readonly pulumi.Resource[]): void {
    const name = `${this.#name}-notification`;
    new aws.s3.BucketNotification(
      name,
      {
        bucket: this.#source.name,
        queues: [{ id: "uploads", queueArn: this.#queueArn, events: [...EVENTS] }],
      },
      {
        parent: this,
        dependsOn: [...this.#admitted, ...after],
        hooks: { onError: [retryWhile(name, UNABLE_TO_VALIDATE)] },
      },
    );
  }

  /** Sending messages as S3 does. */
  send(): Statement {
    return { sid: "SendMessages", actions: ["sqs:SendMessage"], resources: [this.#queueArn] };
  }

  /** What an event source mapping does with the role of its function. */
  consume(): Statement {
    return {
      sid: "ConsumeUploads",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.#queueArn],
    };
  }
}
