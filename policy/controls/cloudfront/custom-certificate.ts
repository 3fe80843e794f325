import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const cloudfrontCustomCertificate = defineResourceControl({
  id: "CLOUDFRONT-003",
  name: "cloudfront-custom-certificate",
  title: "CloudFront distributions use a certificate for a custom domain.",
  severity: "medium",
  level: "advisory",
  why: "With its default certificate for `*.cloudfront.net`, CloudFront accepts TLS 1.0, and no setting can change that.",
  remediation:
    "Request a certificate from AWS Certificate Manager in us-east-1 and set viewerCertificate.acmCertificateArn.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-7",
  mappings: {
    fsbp: ["CloudFront.7"],
    cis: [],
    nist: ["AC-4", "AC-17", "IA-5", "SC-7", "SC-8", "SC-12", "SC-13", "SC-23", "SI-7"],
  },
  services: ["cloudfront", "acm"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check({ props }) {
    const certificate = props.child("viewerCertificate");
    if (certificate?.has("acmCertificateArn") === true || certificate?.has("iamCertificateId") === true)
      return;
    yield violation({
      key: "Certificate::default",
      message: "`viewerCertificate` must name a certificate for a custom domain.",
    });
  },
});
