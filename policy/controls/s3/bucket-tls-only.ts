import { S3_BUCKET, S3_POLICY } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgeEach } from "../../engine/stack.ts";
import { judgeTransport } from "../../iam/transport.ts";

export const s3BucketTlsOnly = defineStackControl({
  id: "S3-003",
  name: "s3-bucket-tls-only",
  title: "S3 buckets reject requests over plain HTTP.",
  severity: "medium",
  level: "mandatory",
  why: "S3 also accepts plain HTTP, where anyone on the network path can read and change the data. Only the bucket's policy can reject it.",
  remediation:
    'Add a statement to the bucket\'s policy that denies `s3:*` on the bucket and its objects to everyone when aws:SecureTransport is "false".',
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5",
  mappings: {
    fsbp: ["S3.5"],
    cis: ["2.1.1"],
    nist: ["AC-4", "AC-17", "IA-5", "SC-7", "SC-8", "SC-12", "SC-13", "SC-23", "SI-7"],
  },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(S3_BUCKET), (bucket) =>
      judgeTransport(stack, bucket, {
        service: "s3",
        action: "s3:*",
        policyTypes: S3_POLICY,
        policyRefersBy: "bucket",
        nameProperty: "bucket",
        targets: { bucket: (name) => name, objects: (name) => `${name}/*` },
      }),
    ),
});
