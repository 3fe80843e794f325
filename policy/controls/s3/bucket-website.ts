import { S3_BUCKET, S3_WEBSITE } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";
import type { ResourceView } from "../../engine/resource.ts";

export const s3BucketWebsite = defineResourceControl({
  id: "S3-010",
  name: "s3-bucket-website",
  title: "S3 buckets are not configured as websites.",
  severity: "medium",
  level: "mandatory",
  why: "S3's website endpoint supports only plain HTTP and serves only public content.",
  remediation:
    "Serve the files through CloudFront with an origin access control, and remove the website configuration.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["s3"],
  types: [...S3_BUCKET, ...S3_WEBSITE],
  parameters: noParameters,
  *check(resource) {
    const websites = websitesOf(resource);
    if (websites.length === 0) yield notApplicable();
    // A redirect exposes nothing in the bucket.
    if (websites.every((website) => website.has("redirectAllRequestsTo"))) return;
    yield violation({ key: "Website::enabled", message: "The bucket must not be configured as a website." });
  },
});

const websitesOf = ({ type, props }: ResourceView): readonly Properties[] => {
  if (S3_WEBSITE.some((website) => website === type)) return [props];
  return [...props.children("website"), ...props.children("websites")];
};
