import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PhysicalResource } from "./naming.ts";
import { denyPlainTransport, policyDocument, type Statement } from "./permissions.ts";

export type PrivateBucketArgs = {
  /** A change of its name replaces the bucket. */
  readonly bucket: PhysicalResource;
  readonly keyArn: pulumi.Input<string>;
  /** Days that overwritten and deleted objects are kept, 1 to 3650. */
  readonly noncurrentVersionDays: number;
  /** Refuse to delete the bucket; when false it is deleted with all its objects. */
  readonly protectData: boolean;
  /**
   * Web origins whose pages may upload.
   * @default none
   */
  readonly corsAllowedOrigins?: readonly string[];
  /**
   * Days after which an object expires, 1 to 3650.
   * @default objects stay
   */
  readonly expirationDays?: number;
  /**
   * What else the bucket's policy says: what services of AWS may do with it, what nobody may.
   * @default nothing
   */
  readonly statements?: readonly Statement[];
};

/** An upload left unfinished is paid for until it is aborted; the longest that a browser session could need. */
const ABORT_INCOMPLETE_UPLOAD_DAYS = 7;

const ENCRYPTION = "s3:x-amz-server-side-encryption";
const KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const OWN_KEY = "s3:x-amz-server-side-encryption-customer-algorithm";

/**
 * Refuses an object that asks for another encryption than the bucket's key. A plain upload asks for none and gets the
 * key: S3 looks at policies before it applies the bucket's default. Named without a key, `aws:kms` is the account's own
 * key for S3. Nothing is refused for naming the stack's key: S3 does not say whether a part of a multipart upload counts
 * as naming what the upload got by default, and a part that is refused would end every large upload.
 */
const denyOtherEncryption = (bucketArn: string, keyArn: string): readonly Statement[] =>
  Object.entries<NonNullable<Statement["conditions"]>>({
    DenyOtherEncryption: { Null: { [ENCRYPTION]: "false" }, StringNotEquals: { [ENCRYPTION]: "aws:kms" } },
    DenyOtherKey: { Null: { [KEY]: "false" }, StringNotEquals: { [KEY]: keyArn } },
    DenyKeyOfTheAccount: { Null: { [ENCRYPTION]: "false", [KEY]: "true" } },
    DenyKeyOfTheClient: { Null: { [OWN_KEY]: "false" } },
  }).map(([sid, conditions]) => ({
    sid,
    effect: "Deny",
    principals: "*",
    actions: ["s3:PutObject"],
    resources: [`${bucketArn}/*`],
    // Services of AWS deliver logs and lists as they are set up to, where a statement lets them.
    conditions: { ...conditions, Bool: { "aws:PrincipalIsAWSService": "false" } },
  }));

/** A private bucket: encrypted with the stack's key, versioned, over TLS only, without ACLs. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** The bucket, its notifications' and objects' dependency, once its policy stands. */
  readonly bucket: aws.s3.Bucket;
  readonly #arn: string;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:PrivateBucket", name, {}, opts);
    this.#arn = args.bucket.arn;
    const child = { parent: this };

    this.bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucket.name, forceDestroy: !args.protectData },
      { parent: this, protect: args.protectData },
    );
    const bucket = this.bucket.bucket;
    const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access-block`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            bucketKeyEnabled: true,
            blockedEncryptionTypes: ["SSE-C"],
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
          },
        ],
      },
      child,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            id: "abort-incomplete-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_INCOMPLETE_UPLOAD_DAYS },
          },
          {
            id: "expire-noncurrent-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: args.noncurrentVersionDays },
            expiration: { expiredObjectDeleteMarker: true },
          },
          ...(args.expirationDays === undefined
            ? []
            : [
                {
                  id: "expire-objects",
                  status: "Enabled",
                  filter: { prefix: "" },
                  expiration: { days: args.expirationDays },
                },
              ]),
        ],
      },
      { parent: this, dependsOn: versioning },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: pulumi
          .output(args.keyArn)
          .apply((keyArn) =>
            policyDocument([
              ...(args.statements ?? []),
              denyPlainTransport("s3:*", [this.#arn, `${this.#arn}/*`]),
              ...denyOtherEncryption(this.#arn, keyArn),
            ]),
          ),
      },
      { parent: this, dependsOn: publicAccessBlock },
    );
    if (args.corsAllowedOrigins !== undefined && args.corsAllowedOrigins.length > 0) {
      new aws.s3.BucketCorsConfiguration(
        `${name}-cors`,
        {
          bucket,
          corsRules: [
            {
              allowedMethods: ["PUT", "POST"],
              allowedOrigins: [...args.corsAllowedOrigins],
              allowedHeaders: ["*"],
              exposeHeaders: ["ETag"],
              maxAgeSeconds: 3000,
            },
          ],
        },
        child,
      );
    }

    this.name = bucket;
    this.registerOutputs({ name: this.name });
  }

  /** Looking at what lies under a key now. Listing tells a missing object (404) from a forbidden one (403). */
  lookAtObjects(): Statement[] {
    return [
      { sid: "LookAtOriginals", actions: ["s3:GetObject"], resources: [`${this.#arn}/*`] },
      { sid: "TellMissingFromForbidden", actions: ["s3:ListBucket"], resources: [this.#arn] },
    ];
  }

  /**
   * Reading any version of any object. Listing tells a missing object (404) from a forbidden one (403).
   * @param withTags also their object tags
   */
  readObjects({ withTags = false }: { readonly withTags?: boolean } = {}): Statement[] {
    return [
      {
        sid: "ReadOriginals",
        actions: [
          "s3:GetObject",
          "s3:GetObjectVersion",
          ...(withTags ? ["s3:GetObjectTagging", "s3:GetObjectVersionTagging"] : []),
        ],
        resources: [`${this.#arn}/*`],
      },
      { sid: "TellMissingFromForbidden", actions: ["s3:ListBucket"], resources: [this.#arn] },
    ];
  }

  /**
   * Writing objects under the condition that what is there is older, which takes a look at it.
   * @param mayDelete also delete objects; the bucket's versions of them stay
   */
  writeObjects({ mayDelete }: { readonly mayDelete: boolean }): Statement[] {
    return [
      {
        sid: "WriteRenditions",
        actions: ["s3:PutObject", "s3:GetObject", ...(mayDelete ? ["s3:DeleteObject"] : [])],
        resources: [`${this.#arn}/*`],
      },
      { sid: "FindRenditions", actions: ["s3:ListBucket"], resources: [this.#arn] },
    ];
  }
}
