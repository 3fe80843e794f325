import { isBucketOrigin } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const cloudfrontOriginAccessControl = defineResourceControl({
  id: "CLOUDFRONT-004",
  name: "cloudfront-origin-access-control",
  title: "CloudFront accesses buckets and function URLs through an origin access control.",
  severity: "medium",
  level: "mandatory",
  why: "Without an origin access control, the origin must be open to everyone, and viewers can bypass CloudFront. The older origin access identity can't read objects that are encrypted with KMS.",
  remediation:
    "Add an aws.cloudfront.OriginAccessControl, set the origin's originAccessControlId, and grant access only to this distribution in the origin's policy.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
  mappings: { fsbp: ["CloudFront.13", "CloudFront.16"], cis: [], nist: [] },
  services: ["cloudfront", "s3", "lambda"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check(resource) {
    for (const origin of resource.props.children("origins")) {
      yield* judgePart(resource, function* () {
        if (origin.has("originAccessControlId") || !canBeSigned(origin)) return;
        const path = origin.path("originAccessControlId");
        yield violation({
          key: `Origin::${path}`,
          message: `\`${path}\` must name an origin access control.`,
        });
      });
    }
  },
});

const canBeSigned = (origin: Properties): boolean =>
  isBucketOrigin(origin) || /\.lambda-url\.[^.]+\.on\.aws$/.test(origin.string("domainName") ?? "");
