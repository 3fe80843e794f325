import { configurationsOf, receivesAccessLogs } from "../../aws/buckets.ts";
import { S3_BUCKET, S3_LOGGING } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";

export const s3BucketAccessLogging = defineStackControl({
  id: "S3-009",
  name: "s3-bucket-access-logging",
  title: "S3 buckets write access logs to another bucket.",
  severity: "medium",
  level: "advisory",
  why: "Without access logs, nobody can find out later who read an object. A bucket that logs to itself endlessly logs its own log writes.",
  remediation:
    "Add an aws.s3.BucketLogging that names a log bucket, or record the bucket's data events with CloudTrail and exempt it.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-9",
  mappings: {
    fsbp: ["S3.9"],
    cis: [],
    nist: [
      "AC-2",
      "AC-4",
      "AC-6",
      "AU-2",
      "AU-3",
      "AU-6",
      "AU-10",
      "AU-12",
      "CA-7",
      "SC-7",
      "SI-3",
      "SI-4",
      "SI-7",
    ],
  },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(S3_BUCKET), function* (bucket) {
      const configurations = configurationsOf(stack, bucket, S3_LOGGING, ["logging", "loggings"]);
      if (configurations.length === 0) {
        // AWS does not require access logs for the log bucket itself.
        if (receivesAccessLogs(stack, bucket)) return;
        yield violation({ key: "Logging::missing", message: "The bucket must have access logs." });
        return;
      }
      if (!logsToItself(stack, bucket, configurations)) return;
      yield violation({ key: "Logging::own-bucket", message: "The access logs must go to another bucket." });
    }),
});

const logsToItself = (
  stack: StackView,
  bucket: StackResource,
  configurations: readonly Properties[],
): boolean => {
  const separate = stack.attachedTo(bucket, S3_LOGGING, "bucket");
  if (separate.length > 0)
    return separate.some((logging) => stack.refers(logging, "targetBucket", bucket) === true);
  const name = bucket.props.string("bucket");
  return configurations.some((configuration) => configuration.string("targetBucket") === name);
};
