import { isVersioned } from "../../aws/buckets.ts";
import { S3_BUCKET } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const s3BucketVersioning = defineStackControl({
  id: "S3-007",
  name: "s3-bucket-versioning",
  title: "S3 buckets keep versions of their objects.",
  severity: "low",
  level: "advisory",
  why: "Without versions, an object that is overwritten or deleted, by mistake or by an attacker, is lost.",
  remediation:
    "Add an aws.s3.BucketVersioning with the status Enabled, and let a lifecycle rule expire old versions.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14",
  mappings: {
    fsbp: [],
    cis: [],
    nist: ["AU-9", "CP-6", "CP-9", "CP-10", "SC-5", "SI-12", "SI-13"],
  },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(S3_BUCKET), function* (bucket) {
      if (isVersioned(stack, bucket)) return;
      yield violation({ key: "Versioning::disabled", message: "Versioning must be enabled." });
    }),
});
