import { z } from "zod";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const cloudfrontMinimumTls = defineResourceControl({
  id: "CLOUDFRONT-002",
  name: "cloudfront-minimum-tls",
  title: "CloudFront accepts TLS 1.2 or later from viewers.",
  severity: "medium",
  level: "mandatory",
  why: "Earlier versions of TLS, and the ciphers of earlier security policies, have known weaknesses.",
  remediation: "Set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 or later.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
  mappings: { fsbp: ["CloudFront.15"], cis: [], nist: [] },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: z.strictObject({
    securityPolicies: z
      .array(z.string())
      .min(1)
      .default(["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"])
      .describe("Accepted CloudFront security policies; the default is AWS Security Hub's list."),
  }),
  *check({ props }, { parameters }) {
    const certificate = props.child("viewerCertificate");
    // With its default certificate, CloudFront always uses TLSv1; CLOUDFRONT-003 reports that.
    if (certificate === undefined || certificate.boolean("cloudfrontDefaultCertificate") === true) {
      yield notApplicable();
      return;
    }
    if (parameters.securityPolicies.includes(certificate.string("minimumProtocolVersion") ?? "TLSv1")) return;
    yield violation({
      key: "Tls::old",
      message: `\`viewerCertificate.minimumProtocolVersion\` must be one of ${parameters.securityPolicies.join(", ")}.`,
    });
  },
});
