import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { viaServices } from "./partitions.ts";
import { encryptLogs, policyDocument, type Statement } from "./permissions.ts";

/** What the key's policy is made of. */
export type KeyPolicyArgs = {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  /**
   * What else the key's policy admits.
   * @default nothing
   */
  readonly statements?: readonly Statement[];
};

export type EncryptionArgs = KeyPolicyArgs & {
  /**
   * A key made elsewhere, with the same policy. A stack that has its own key must not change to another: what is
   * stored under the old one would be lost with it.
   * @default the stack makes one, and its alias
   */
  readonly keyArn?: string | undefined;
  /** Waiting period in days, 7 to 30, before a destroyed key is gone with everything it encrypted. */
  readonly keyDeletionWindowDays: number;
  /** Keep the key when the stack is destroyed. */
  readonly protectData: boolean;
};

/** Services that use the key for roles of this account. */
export const VIA_SERVICES = ["dynamodb", "lambda", "s3", "sns", "sqs"] as const;
export type ViaService = (typeof VIA_SERVICES)[number];

/**
 * Who may use the key. The account's own IAM policies decide for its roles; each AWS service that acts on its own
 * is named, for this account's or this stack's resources only.
 */
export const keyPolicy = ({ deployment, names, statements: others = [] }: KeyPolicyArgs): string => {
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

/** The statement of a role that uses a key through these services alone. */
export const useKeyThrough = (
  services: readonly ViaService[],
  keyArn: string,
  deployment: Deployment,
): Statement => ({
  sid: "UseTheKey",
  actions: ["kms:Decrypt", "kms:GenerateDataKey"],
  resources: [keyArn],
  conditions: {
    StringEquals: { "kms:ViaService": viaServices(deployment, services) },
  },
});

/** The stack's one customer managed key, rotated yearly, and its alias; or the key that it is given. */
export class Encryption extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  readonly #deployment: Deployment;

  constructor(name: string, args: EncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Encryption", name, {}, opts);
    this.#deployment = args.deployment;
    this.keyArn = args.keyArn === undefined ? this.#createKey(name, args) : pulumi.output(args.keyArn);
    this.registerOutputs({ keyArn: this.keyArn });
  }

  #createKey(name: string, args: EncryptionArgs): pulumi.Output<string> {
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
    return key.arn;
  }

  /** Use of the key through services that hold the stack's data, and in no other way. */
  useThrough(services: readonly ViaService[]): pulumi.Output<Statement> {
    return this.keyArn.apply((keyArn) => useKeyThrough(services, keyArn, this.#deployment));
  }
}
