import { S3_BUCKET, S3_PUBLIC_ACCESS_BLOCK } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const s3BucketPublicAccessBlock = defineStackControl({
  id: "S3-001",
  name: "s3-bucket-public-access-block",
  title: "Each S3 bucket has a public access block.",
  severity: "high",
  level: "mandatory",
  why: "Without its own block, one policy or ACL that is too broad makes the bucket public.",
  remediation: "Add an aws.s3.BucketPublicAccessBlock with all four settings true for the bucket.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  mappings: { fsbp: ["S3.8"], cis: ["2.1.4"], nist: ["AC-3", "AC-4", "AC-6", "SC-7"] },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(S3_BUCKET), function* (bucket) {
      if (stack.attachedTo(bucket, S3_PUBLIC_ACCESS_BLOCK, "bucket").length > 0) return;
      yield violation({
        key: "PublicAccessBlock::missing",
        message: "The bucket must have a public access block.",
      });
    }),
});
