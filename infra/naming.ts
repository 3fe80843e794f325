import { createHash } from "node:crypto";
import { RunError } from "@pulumi/pulumi";

/** Where the stack is deployed: everything a physical name or an ARN is built from, all known at preview. */
export type Deployment = {
  readonly project: string;
  readonly stack: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
};

/** A resource as AWS knows it, before it exists. */
export type PhysicalResource = {
  readonly name: string;
  readonly arn: string;
};

/**
 * Longest `project-stack` prefix, in characters. S3 allows bucket names of 63
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html); the longest suffix here,
 * `-destination-` and ten hexadecimal digits, takes 23.
 */
export const MAX_PREFIX_LENGTH = 40;

/** Where CloudFront's log deliveries are set up, wherever the logs go (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html). */
export const LOG_DELIVERY_REGION = "us-east-1";

/** What every physical name begins with. */
export const prefixOf = ({ project, stack }: Pick<Deployment, "project" | "stack">): string => {
  const prefix = `${project}-${stack}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (prefix.length < 3 || prefix.length > MAX_PREFIX_LENGTH) {
    throw new RunError(
      `The project and stack names make the prefix "${prefix}" of every resource name: expected 3 to ` +
        `${MAX_PREFIX_LENGTH} letters, digits and hyphens, got ${prefix.length}. Choose a shorter stack name.`,
    );
  }
  return prefix;
};

/** Bucket and role names share a namespace beyond the region: this tells deployments apart there. */
export const fingerprintOf = ({ project, stack, accountId, region }: Deployment): string =>
  createHash("sha256").update([project, stack, accountId, region].join("\n")).digest("hex").slice(0, 10);

/**
 * The physical name and ARN of every named resource of the stack.
 *
 * They follow from project, stack, account and region alone, so that policy documents are known at the first
 * preview, when a policy pack can still stop the deployment.
 *
 * @throws {RunError} for people, so without a stack trace, when project and stack make names longer than AWS allows.
 */
export const physicalResources = (deployment: Deployment) => {
  const { partition, region, accountId } = deployment;
  const prefix = prefixOf(deployment);
  const fingerprint = fingerprintOf(deployment);

  const bucket = (purpose: string): PhysicalResource => {
    const name = `${prefix}-${purpose}-${fingerprint}`;
    return { name, arn: `arn:${partition}:s3:::${name}` };
  };
  const regional = (service: string, name: string, resource = name): PhysicalResource => ({
    name,
    arn: `arn:${partition}:${service}:${region}:${accountId}:${resource}`,
  });
  const role = (purpose: string): PhysicalResource => {
    const name = `${prefix}-${purpose}-${fingerprint}`;
    return { name, arn: `arn:${partition}:iam::${accountId}:role/${name}` };
  };

  const lambda = (name: string): PhysicalResource => regional("lambda", name, `function:${name}`);
  const logGroup = (functionName: string): PhysicalResource =>
    regional("logs", `/aws/lambda/${functionName}`, `log-group:/aws/lambda/${functionName}`);

  const processorName = `${prefix}-processor`;
  const reprocessorName = `${prefix}-reprocessor`;
  const digestName = `${prefix}-digest`;
  return {
    sourceBucket: bucket("source"),
    destinationBucket: bucket("destination"),
    logsBucket: bucket("logs"),
    inventoryBucket: bucket("inventory"),
    keyAlias: regional("kms", `alias/${prefix}`),
    ingestQueue: regional("sqs", `${prefix}-ingest`),
    deadLetterQueue: regional("sqs", `${prefix}-ingest-dead-letters`),
    assetTable: regional("dynamodb", `${prefix}-assets`, `table/${prefix}-assets`),
    noticeTopic: regional("sns", `${prefix}-notices`),
    processor: lambda(processorName),
    processorRole: role("processor"),
    logGroup: logGroup(processorName),
    reprocessor: lambda(reprocessorName),
    reprocessorRole: role("reprocessor"),
    reprocessorLogGroup: logGroup(reprocessorName),
    batchRole: role("batch"),
    digest: lambda(digestName),
    digestRole: role("digest"),
    digestLogGroup: logGroup(digestName),
    digestTable: regional("dynamodb", digestName, `table/${digestName}`),
    digestDeadLetterQueue: regional("sqs", `${digestName}-dead-letters`),
    scheduleGroup: regional("scheduler", prefix, `schedule-group/${prefix}`),
    digestSchedule: regional("scheduler", digestName, `schedule/${prefix}/${digestName}`),
    schedulerRole: role("scheduler"),
    dashboard: { name: prefix, arn: `arn:${partition}:cloudwatch::${accountId}:dashboard/${prefix}` },
    deliverySource: {
      name: `${prefix}-delivery`,
      arn: `arn:${partition}:logs:${LOG_DELIVERY_REGION}:${accountId}:delivery-source:${prefix}-delivery`,
    },
    /** Any delivery source of the account, as AWS's own statement for log deliveries names it. */
    deliverySources: {
      name: "*",
      arn: `arn:${partition}:logs:${LOG_DELIVERY_REGION}:${accountId}:delivery-source:*`,
    },
    /** Any distribution of the account: CloudFront gives their ids. */
    distributions: { name: "*", arn: `arn:${partition}:cloudfront::${accountId}:distribution/*` },
    alarm: (purpose: string) => regional("cloudwatch", `${prefix}-${purpose}`, `alarm:${prefix}-${purpose}`),
  } as const;
};

export type PhysicalResources = ReturnType<typeof physicalResources>;
