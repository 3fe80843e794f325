import { behaviorsOf } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgeApart, violation } from "../../engine/judgement.ts";

export const cloudfrontSecurityHeaders = defineResourceControl({
  id: "CLOUDFRONT-008",
  name: "cloudfront-security-headers",
  title: "CloudFront adds security headers to its answers.",
  severity: "low",
  level: "advisory",
  why: "Headers such as Strict-Transport-Security and X-Content-Type-Options keep browsers from plain HTTP and from running what is no script.",
  remediation:
    "Set responseHeadersPolicyId in every cache behavior, to AWS's managed SecurityHeadersPolicy for example.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check(resource) {
    for (const behavior of behaviorsOf(resource)) {
      yield* judgeApart(resource, function* () {
        if (behavior.has("responseHeadersPolicyId")) return;
        const path = behavior.path("responseHeadersPolicyId");
        yield violation({ key: `Headers::${path}`, message: `\`${path}\` must name a policy.` });
      });
    }
  },
});
