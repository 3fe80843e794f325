import { describe, expect, it } from "vitest";
import { cloudfrontMinimumTls } from "../../../../policy/controls/cloudfront/minimum-tls.ts";
import { distribution } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, UNKNOWN } from "../../support/subject.ts";

const judgeVersion = (minimumProtocolVersion: unknown, parameters = {}) =>
  judge(
    cloudfrontMinimumTls,
    distribution({ viewerCertificate: { acmCertificateArn: "arn:aws:acm:::c", minimumProtocolVersion } }),
    { parameters },
  );

describe("CLOUDFRONT-002 cloudfront-minimum-tls", () => {
  it.each(["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"])("accepts %s", (version) => {
    expect(judgeVersion(version).outcome).toBe("compliant");
  });

  it.each(["TLSv1", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "SSLv3", undefined])(
    "reports %s",
    (version) => {
      expect(findingsOf(judgeVersion(version))).toEqual(["cdn Tls::old"]);
    },
  );

  it("reads the accepted security policies from the config", () => {
    const parameters = { securityPolicies: ["TLSv1.2_2019"] };
    expect(judgeVersion("TLSv1.2_2019", parameters).outcome).toBe("compliant");
    expect(judgeVersion("TLSv1.2_2021", parameters).outcome).toBe("violation");
    expect(findingsOf(judgeVersion("TLSv1.2_2021", { securityPolicies: [] }))).toEqual([
      "cdn Parameters::securityPolicies",
    ]);
  });

  it("does not judge an unknown version", () => {
    expect(judgeVersion(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to CloudFront's default certificate, whose TLS version can't be changed", () => {
    for (const viewerCertificate of [undefined, { cloudfrontDefaultCertificate: true }]) {
      const verdict = judge(cloudfrontMinimumTls, distribution({ viewerCertificate }));
      expect(verdict.outcome).toBe("not applicable");
    }
  });

  proveControl(cloudfrontMinimumTls);
});
