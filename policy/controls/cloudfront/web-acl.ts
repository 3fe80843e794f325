import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const cloudfrontWebAcl = defineResourceControl({
  id: "CLOUDFRONT-009",
  name: "cloudfront-web-acl",
  title: "CloudFront distributions have a web application firewall.",
  severity: "medium",
  level: "disabled",
  why: "AWS WAF can block floods and known attacks before they reach the origin. It costs money per request.",
  remediation: "Set webAclId to the ARN of an aws.wafv2.WebAcl with the scope CLOUDFRONT.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-6",
  mappings: { fsbp: ["CloudFront.6"], cis: [], nist: ["AC-4"] },
  services: ["cloudfront", "wafv2"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check({ props }) {
    if (props.has("webAclId")) return;
    yield violation({ key: "WebAcl::missing", message: "`webAclId` must be set." });
  },
});
