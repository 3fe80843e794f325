import { S3_OWNERSHIP } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const s3BucketAclsDisabled = defineResourceControl({
  id: "S3-005",
  name: "s3-bucket-acls-disabled",
  title: "S3 buckets have access control lists (ACLs) disabled.",
  severity: "medium",
  level: "mandatory",
  why: "ACLs grant access to single objects, which no policy shows. New buckets have ACLs disabled since April 2023; other ownership settings enable them again.",
  remediation: "Set objectOwnership to BucketOwnerEnforced, and grant access with policies.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-12",
  mappings: { fsbp: ["S3.12"], cis: [], nist: ["AC-2", "AC-3", "AC-6"] },
  services: ["s3"],
  types: S3_OWNERSHIP,
  parameters: noParameters,
  *check({ props }) {
    if (props.child("rule")?.string("objectOwnership") === "BucketOwnerEnforced") return;
    yield violation({
      key: "Ownership::acls-enabled",
      message: "`rule.objectOwnership` must be BucketOwnerEnforced.",
    });
  },
});
