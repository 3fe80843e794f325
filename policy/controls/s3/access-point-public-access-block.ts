import { PUBLIC_ACCESS_SETTINGS } from "../../aws/public-access.ts";
import { S3_ACCESS_POINT } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";

export const s3AccessPointPublicAccessBlock = defineResourceControl({
  id: "S3-012",
  name: "s3-access-point-public-access-block",
  title: "S3 access points block all four kinds of public access.",
  severity: "critical",
  level: "mandatory",
  why: "An access point is another entry to the bucket, with its own policy. Its block is on by default and can't be changed later.",
  remediation: "Leave publicAccessBlockConfiguration unset, or set all four settings to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
  mappings: { fsbp: ["S3.19"], cis: [], nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"] },
  services: ["s3"],
  types: S3_ACCESS_POINT,
  parameters: noParameters,
  *check(resource) {
    const block = resource.props.child("publicAccessBlockConfiguration");
    for (const setting of PUBLIC_ACCESS_SETTINGS) {
      yield* judgePart(resource, function* () {
        if (block?.boolean(setting) !== false) return;
        yield violation({
          key: `Setting::${setting}`,
          message: `\`publicAccessBlockConfiguration.${setting}\` must not be false.`,
        });
      });
    }
  },
});
