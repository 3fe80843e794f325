import { PUBLIC_ACCESS_SETTINGS } from "../../aws/public-access.ts";
import { S3_ACCOUNT_PUBLIC_ACCESS_BLOCK, S3_PUBLIC_ACCESS_BLOCK } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";

export const s3PublicAccessBlockComplete = defineResourceControl({
  id: "S3-002",
  name: "s3-public-access-block-complete",
  title: "S3 public access blocks block all four kinds of public access.",
  severity: "high",
  level: "mandatory",
  why: "Each setting blocks one kind of access: by ACL or by policy, for new or existing grants. Each is off by default.",
  remediation: "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  mappings: { fsbp: ["S3.1", "S3.8"], cis: ["2.1.4"], nist: ["AC-3", "AC-4", "AC-6", "SC-7"] },
  services: ["s3"],
  types: [...S3_PUBLIC_ACCESS_BLOCK, ...S3_ACCOUNT_PUBLIC_ACCESS_BLOCK],
  parameters: noParameters,
  *check(resource) {
    for (const setting of PUBLIC_ACCESS_SETTINGS) {
      yield* judgePart(resource, function* () {
        if (resource.props.boolean(setting) === true) return;
        yield violation({ key: `Setting::${setting}`, message: `\`${setting}\` must be true.` });
      });
    }
  },
  remediate: () => Object.fromEntries(PUBLIC_ACCESS_SETTINGS.map((setting) => [setting, true])),
});
