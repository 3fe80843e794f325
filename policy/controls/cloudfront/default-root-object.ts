import { isBucketOrigin } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const cloudfrontDefaultRootObject = defineResourceControl({
  id: "CLOUDFRONT-007",
  name: "cloudfront-default-root-object",
  title: "CloudFront distributions in front of a bucket have a default root object.",
  severity: "low",
  level: "advisory",
  why: "Otherwise a request for the root is a request to list the bucket. If the bucket's policy allows it, the response contains the names of all objects.",
  remediation: "Set defaultRootObject, for example to index.html.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-1",
  mappings: { fsbp: ["CloudFront.1"], cis: [], nist: ["SC-7"] },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check({ props }) {
    if (props.has("defaultRootObject")) return;
    if (!props.children("origins").some(isBucketOrigin)) {
      yield notApplicable();
      return;
    }
    yield violation({ key: "RootObject::missing", message: "`defaultRootObject` must be set." });
  },
});
