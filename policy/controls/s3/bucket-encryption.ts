import { z } from "zod";
import { configurationsOf, receivesAccessLogs } from "../../aws/buckets.ts";
import { isAwsManagedKey } from "../../aws/kms.ts";
import { S3_BUCKET, S3_ENCRYPTION } from "../../aws/resource-types.ts";
import { defineStackControl } from "../../engine/control.ts";
import { type Judgement, judgePart, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach } from "../../engine/stack.ts";

export const s3BucketEncryption = defineStackControl({
  id: "S3-004",
  name: "s3-bucket-encryption",
  title: "S3 buckets are encrypted with a customer-managed KMS key and use a bucket key.",
  severity: "medium",
  level: "mandatory",
  why: "With S3's own keys, anyone who may read an object can decrypt it. A customer-managed key requires a second permission and leaves an audit trail. A bucket key saves most KMS requests and their cost.",
  remediation:
    "Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms, kmsMasterKeyId and bucketKeyEnabled.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  mappings: {
    fsbp: [],
    cis: [],
    nist: ["AU-9", "CA-9", "CM-3", "SC-7", "SC-12", "SC-13", "SC-28", "SI-7"],
  },
  services: ["s3", "kms"],
  types: S3_BUCKET,
  parameters: z.strictObject({
    customerManagedKey: z
      .boolean()
      .default(true)
      .describe(
        "Require a customer-managed key; when false, S3's own keys and the AWS-managed key are accepted.",
      ),
    bucketKey: z.boolean().default(true).describe("Require a bucket key when the bucket uses KMS."),
  }),
  check: (stack, { parameters }) =>
    judgeEach(stack.ofType(S3_BUCKET), function* (bucket) {
      const rules = configurationsOf(stack, bucket, S3_ENCRYPTION, OWN_BLOCKS).flatMap(rulesOf);
      const defaults = rules.flatMap(defaultsOf);
      yield* judgePart(bucket, function* () {
        if (!parameters.customerManagedKey) return;
        const byKms = defaults.filter(usesKms);
        if (byKms.length === 0) {
          // A bucket that receives server access logs can only use S3's own keys:
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
          if (!receivesAccessLogs(stack, bucket)) yield ownKeysOfS3;
          return;
        }
        for (const configuration of byKms) yield* judgeKey(configuration, bucket);
      });
      yield* judgePart(bucket, function* () {
        if (!parameters.bucketKey || !rules.some(lacksBucketKey)) return;
        yield violation({
          key: "Encryption::bucket-key-disabled",
          message: "`bucketKeyEnabled` must be true.",
        });
      });
    }),
});

const OWN_BLOCKS = ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"] as const;

/** S3's default since January 2023. */
const ownKeysOfS3 = violation({
  key: "Encryption::s3-managed-key",
  message: "The bucket must be encrypted with KMS; now it uses S3's own keys.",
});

const rulesOf = (configuration: Properties): readonly Properties[] => [
  ...configuration.children("rules"),
  ...configuration.children("rule"),
];

const defaultsOf = (rule: Properties): readonly Properties[] => [
  ...rule.children("applyServerSideEncryptionByDefault"),
  ...rule.children("applyServerSideEncryptionByDefaults"),
];

const usesKms = (configuration: Properties): boolean =>
  configuration.string("sseAlgorithm")?.startsWith("aws:kms") === true;

function* judgeKey(configuration: Properties, bucket: StackResource): Generator<Judgement> {
  yield* judgePart(bucket, function* () {
    const key = configuration.string("kmsMasterKeyId");
    if (key !== undefined && !isAwsManagedKey(key, "s3")) return;
    yield violation({
      key: "Encryption::aws-managed-key",
      message: "`kmsMasterKeyId` must name a customer-managed key; now the bucket uses the AWS-managed key.",
    });
  });
}

/** Dual-layer encryption (`aws:kms:dsse`) does not support bucket keys. */
const lacksBucketKey = (rule: Properties): boolean =>
  defaultsOf(rule).some((configuration) => configuration.string("sseAlgorithm") === "aws:kms") &&
  rule.boolean("bucketKeyEnabled") !== true;
