import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { encryptLogs, type Statement, trust } from "./permissions.ts";
import { PrivateBucket } from "./private-bucket.ts";
import { Reprocessor, type ReprocessorArgs } from "./reprocessor.ts";
import { createRole } from "./role.ts";
import type { Settings } from "./settings.ts";

/** What is a reprocessor's of these is for the function that jobs of S3 Batch Operations invoke. */
export type InventoryArgs = ReprocessorArgs &
  Pick<Settings, "noncurrentVersionDays"> & {
    readonly deployment: Deployment;
    /** How often S3 lists the buckets. */
    readonly frequency: Exclude<Settings["inventory"], "off">;
    /** The buckets that are listed. */
    readonly source: PrivateBucket;
    readonly destination: PrivateBucket;
    /** Use of the key by the jobs, which read encrypted lists. */
    readonly listsKeyStatement: pulumi.Input<Statement>;
  };

/** Where the lists lie in their bucket: `lists/<bucket>/all/<time>/manifest.json`. */
export const LISTS_PREFIX = "lists";
const NAME = "all";

/** The last four of the weekly ones. */
const LIST_DAYS = 30;

const FREQUENCIES = { daily: "Daily", weekly: "Weekly" } as const;

/**
 * Lets S3 deliver lists of this stack's buckets, and of no other
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html). The key's own policy lets S3 encrypt
 * them, as it does the messages about uploads.
 */
const writeLists = ({ deployment, names }: InventoryArgs): Statement => ({
  sid: "WriteLists",
  principals: { service: "s3.amazonaws.com" },
  actions: ["s3:PutObject"],
  resources: [`${names.inventoryBucket.arn}/${LISTS_PREFIX}/*`],
  conditions: {
    StringEquals: {
      "aws:SourceAccount": deployment.accountId,
      "s3:x-amz-acl": "bucket-owner-full-control",
    },
    ArnEquals: { "aws:SourceArn": [names.sourceBucket.arn, names.destinationBucket.arn] },
  },
});

/** What an inventory needs of the policy of the stack's key; nothing when there is none. */
export const inventoryKeyGrants = (
  frequency: Settings["inventory"],
  deployment: Deployment,
  { reprocessorLogGroup }: PhysicalResources,
): readonly Statement[] =>
  frequency === "off" ? [] : [encryptLogs("LogsOfTheReprocessor", deployment, reprocessorLogGroup)];

/** Lists of both buckets, which S3 makes by itself, and the role with which S3 Batch Operations works through them. */
export class Inventory extends pulumi.ComponentResource {
  /** What the operator's commands are told. */
  readonly outputs: {
    readonly bucket: pulumi.Output<string>;
    readonly functionArn: pulumi.Output<string>;
    readonly roleArn: pulumi.Output<string>;
  };

  constructor(name: string, args: InventoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Inventory", name, {}, opts);
    const { names } = args;
    const lists = new PrivateBucket(
      `${name}-lists`,
      {
        bucket: names.inventoryBucket,
        keyArn: args.keyArn,
        noncurrentVersionDays: args.noncurrentVersionDays,
        // S3 makes lists anew: whoever turns the inventory off should not have to unprotect them first.
        protectData: false,
        expirationDays: LIST_DAYS,
        statements: [writeLists(args)],
      },
      { parent: this },
    );
    for (const [of, { name: bucket }] of Object.entries({
      originals: args.source,
      renditions: args.destination,
    })) {
      new aws.s3.Inventory(
        `${name}-of-${of}`,
        {
          bucket,
          name: NAME,
          includedObjectVersions: "Current",
          optionalFields: ["Size", "LastModifiedDate", "ETag"],
          schedule: { frequency: FREQUENCIES[args.frequency] },
          destination: {
            bucket: {
              accountId: args.deployment.accountId,
              bucketArn: names.inventoryBucket.arn,
              format: "CSV",
              prefix: LISTS_PREFIX,
              encryption: { sseKms: { keyId: args.keyArn } },
            },
          },
        },
        { parent: this, dependsOn: lists },
      );
    }
    const reprocessor = new Reprocessor(`${name}-reprocessor`, args, { parent: this });
    const { role } = createRole(
      `${name}-batch`,
      {
        role: names.batchRole,
        // No completion report may be written: S3 can't encrypt one with the stack's key. Nor does the trust demand an
        // account: S3 is not said to name one
        // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html), and takes the role
        // from nobody who may not pass it.
        trust: trust("batchoperations.s3.amazonaws.com"),
        statements: [
          {
            sid: "ReadLists",
            actions: ["s3:GetObject", "s3:GetObjectVersion"],
            resources: [`${names.inventoryBucket.arn}/${LISTS_PREFIX}/*`],
          },
          { sid: "Reprocess", actions: ["lambda:InvokeFunction"], resources: [names.reprocessor.arn] },
        ],
        keyStatements: [args.listsKeyStatement],
        permissionsBoundary: args.permissionsBoundary,
      },
      this,
    );

    this.outputs = { bucket: lists.name, functionArn: reprocessor.arn, roleArn: role.arn };
    this.registerOutputs(this.outputs);
  }
}
