import { describe, expect, it } from "vitest";
import { cloudfrontCustomCertificate } from "../../../../policy/controls/cloudfront/custom-certificate.ts";
import { distribution, MULTITENANT } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeCertificate = (viewerCertificate: unknown) =>
  judge(cloudfrontCustomCertificate, distribution({ viewerCertificate }));

describe("CLOUDFRONT-003 cloudfront-custom-certificate", () => {
  it("accepts a certificate of ACM or IAM, known or unknown", () => {
    expect(judge(cloudfrontCustomCertificate, distribution({}, MULTITENANT)).outcome).toBe("compliant");
    expect(judgeCertificate({ acmCertificateArn: UNKNOWN }).outcome).toBe("compliant");
    expect(judgeCertificate({ iamCertificateId: "ASCAEXAMPLE" }).outcome).toBe("compliant");
  });

  it.each([[{ cloudfrontDefaultCertificate: true }], [undefined]])(
    "reports CloudFront's default certificate: %o",
    (certificate) => {
      expect(findingsOf(judgeCertificate(certificate))).toEqual(["cdn Certificate::default"]);
    },
  );

  it("does not judge an unknown certificate block", () => {
    expect(judgeCertificate(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontCustomCertificate, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontCustomCertificate);
});
