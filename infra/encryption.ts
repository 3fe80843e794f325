import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { viaServices } from "./partitions.ts";
import { encryptLogs, policyDocument, type Statement } from "./permissions.ts";

export interface EncryptionArgs {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  /** Waiting period in days, 7 to 30, before a destroyed key is gone with everything it encrypted. */
  readonly keyDeletionWindowDays: number;
  /** Keep the key when the stack is destroyed. */
  readonly protectData: boolean;
  /**
   * What else the key's policy admits.
   * @default nothing
   */
  readonly statements?: readonly Statement[];
}

/** Services that use the key for roles of this account. */
export type ViaService = "dynamodb" | "lambda" | "s3" | "sns" | "sqs";

/**
 * Who may use the key. The account's own IAM policies decide for its roles; each AWS service that acts on its own
 * is named, for this account's or this stack's resources only.
 */
const keyPolicy = ({ deployment, names, statements: others = [] }: EncryptionArgs): string => {
  const { partition, accountId } = deployment;
  const statements: Statement[] = [
    {
      sid: "AccountDecides",
      principals: { account: `arn:${partition}:iam::${accountId}:root` },
      actions: ["kms:*"],
      resources: ["*"],
    },
    {
      sid: "EventsToTheQueue",
      principals: { service: "s3.amazonaws.com" },
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      // SNS's encryption context: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
      sid: "AlarmsToTheTopic",
      principals: { service: "cloudwatch.amazonaws.com" },
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": names.noticeTopic.arn } },
    },
    encryptLogs("LogsOfTheFunction", deployment, names.logGroup),
    ...others,
  ];
  return policyDocument(statements);
};

/** The stack's one customer managed key, rotated yearly, and its alias. */
export class Encryption extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  readonly #deployment: Deployment;

  constructor(name: string, args: EncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Encryption", name, {}, opts);
    this.#deployment = args.deployment;

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Images, queues, records, notices and logs of ${args.deployment.project}/${args.deployment.stack}`,
        enableKeyRotation: true,
        deletionWindowInDays: args.keyDeletionWindowDays,
        policy: keyPolicy(args),
      },
      { parent: this, protect: args.protectData },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: args.names.keyAlias.name, targetKeyId: key.keyId },
      { parent: this },
    );

    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }

  /** Use of the key through services that hold the stack's data, and in no other way. */
  useThrough(services: readonly ViaService[]): pulumi.Output<Statement> {
    return this.keyArn.apply((keyArn) => ({
      sid: "UseTheKey",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [keyArn],
      conditions: {
        StringEquals: { "kms:ViaService": viaServices(this.#deployment, services) },
      },
    }));
  }
}
