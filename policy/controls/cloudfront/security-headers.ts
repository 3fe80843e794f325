import { behaviorsOf } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";

export const cloudfrontSecurityHeaders = defineResourceControl({
  id: "CLOUDFRONT-008",
  name: "cloudfront-security-headers",
  title: "CloudFront adds security headers to its responses.",
  severity: "low",
  level: "advisory",
  why: "Headers such as Strict-Transport-Security and X-Content-Type-Options stop browsers from using plain HTTP and from running files that are not scripts.",
  remediation:
    "Set responseHeadersPolicyId in every cache behavior, for example to AWS's managed SecurityHeadersPolicy.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check(resource) {
    for (const behavior of behaviorsOf(resource)) {
      yield* judgePart(resource, function* () {
        if (behavior.has("responseHeadersPolicyId")) return;
        const path = behavior.path("responseHeadersPolicyId");
        yield violation({
          key: `Headers::${path}`,
          message: `\`${path}\` must name a response headers policy.`,
        });
      });
    }
  },
});
