import { S3_BUCKET } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const s3BucketForceDestroy = defineResourceControl({
  id: "S3-011",
  name: "s3-bucket-force-destroy",
  title: "S3 buckets are not deleted while they hold objects.",
  severity: "low",
  level: "advisory",
  why: "With forceDestroy, replacing or removing the bucket deletes all its objects and versions without asking.",
  remediation: "Leave forceDestroy unset, and empty the bucket by hand before you delete it.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["s3"],
  types: S3_BUCKET,
  parameters: noParameters,
  *check({ props }) {
    if (props.boolean("forceDestroy") !== true) return;
    yield violation({ key: "ForceDestroy::enabled", message: "`forceDestroy` must not be true." });
  },
});
