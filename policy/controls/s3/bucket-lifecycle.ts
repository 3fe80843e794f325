import { configurationsOf, isVersioned } from "../../aws/buckets.ts";
import { S3_BUCKET, S3_LIFECYCLE } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";
import { judgeEach } from "../../engine/stack.ts";

export const s3BucketLifecycle = defineStackControl({
  id: "S3-008",
  name: "s3-bucket-lifecycle",
  title: "S3 buckets expire incomplete uploads and old versions.",
  severity: "low",
  level: "advisory",
  why: "Parts of incomplete uploads and overwritten versions do not appear in object lists, but are kept and paid for forever.",
  remediation:
    "Add an aws.s3.BucketLifecycleConfiguration with a rule for the whole bucket that sets abortIncompleteMultipartUpload and, for a versioned bucket, noncurrentVersionExpiration.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
  mappings: { fsbp: ["S3.13"], cis: [], nist: ["CP-6", "CP-9", "CP-10", "SC-5", "SI-13"] },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(S3_BUCKET), function* (bucket) {
      const rules = configurationsOf(stack, bucket, S3_LIFECYCLE, ["lifecycleRules"])
        .flatMap(rulesOf)
        .filter(isEnabled);
      if (rules.length === 0) {
        yield violation({
          key: "Lifecycle::missing",
          message: "The bucket must have an enabled lifecycle rule.",
        });
        return;
      }
      yield* judgePart(bucket, function* () {
        if (rules.some((rule) => abortsUploads(rule) && isAboutWholeBucket(rule))) return;
        yield violation({
          key: "Lifecycle::incomplete-uploads",
          message: "A rule for the whole bucket must abort incomplete multipart uploads.",
        });
      });
      yield* judgePart(bucket, function* () {
        if (!isVersioned(stack, bucket) || rules.some(expiresOldVersions)) return;
        yield violation({
          key: "Lifecycle::noncurrent-versions",
          message: "A rule must expire noncurrent versions, because the bucket is versioned.",
        });
      });
    }),
});

/** A separate configuration contains rules; an inline block is itself a rule. */
const rulesOf = (configuration: Properties): readonly Properties[] =>
  configuration.has("rules") ? configuration.children("rules") : [configuration];

const isEnabled = (rule: Properties): boolean =>
  rule.has("status") ? rule.string("status") === "Enabled" : rule.boolean("enabled") === true;

const abortsUploads = (rule: Properties): boolean =>
  rule.has("abortIncompleteMultipartUpload") || rule.has("abortIncompleteMultipartUploadDays");

const isAboutWholeBucket = (rule: Properties): boolean => {
  const filter = rule.child("filter");
  // AWS returns an unset size as 0.
  const limits = filter?.names().filter((name) => filter.has(name) && filter.value(name) !== 0) ?? [];
  return limits.length === 0 && !rule.has("prefix");
};

const expiresOldVersions = (rule: Properties): boolean =>
  rule.has("noncurrentVersionExpiration") || rule.has("noncurrentVersionExpirations");
