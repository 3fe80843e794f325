import { describe, expect, it } from "vitest";
import { cloudfrontOriginHttps } from "../../../../policy/controls/cloudfront/origin-https.ts";
import { BUCKET_ORIGIN, CUSTOM_ORIGIN, distribution, MULTITENANT } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const custom = (props: object) => ({
  ...CUSTOM_ORIGIN,
  customOriginConfig: { ...CUSTOM_ORIGIN.customOriginConfig, ...props },
});
const judgeOrigin = (origin: object) => judge(cloudfrontOriginHttps, distribution({ origins: [origin] }));
const PATH = "cdn Origin::origins[0].customOriginConfig[0]";

describe("CLOUDFRONT-005 cloudfront-origin-https", () => {
  it("accepts HTTPS with TLS 1.2, and bucket origins", () => {
    expect(judgeOrigin(CUSTOM_ORIGIN).outcome).toBe("compliant");
    expect(judgeOrigin(BUCKET_ORIGIN).outcome).toBe("compliant");
  });

  it.each(["http-only", "match-viewer"])("reports %s", (originProtocolPolicy) => {
    expect(findingsOf(judgeOrigin(custom({ originProtocolPolicy })))).toEqual([
      `${PATH}.originProtocolPolicy`,
    ]);
  });

  it.each(["SSLv3", "TLSv1", "TLSv1.1"])("reports %s", (version) => {
    expect(findingsOf(judgeOrigin(custom({ originSslProtocols: ["TLSv1.2", version] })))).toEqual([
      `${PATH}.originSslProtocols`,
    ]);
  });

  it("reports plain HTTP to an origin of a multi-tenant distribution", () => {
    const { customOriginConfig, ...origin } = custom({ originProtocolPolicy: "http-only" });
    const origins = [{ ...origin, customOriginConfigs: [customOriginConfig] }];
    expect(findingsOf(judge(cloudfrontOriginHttps, distribution({ origins }, MULTITENANT)))).toEqual([
      "cdn Origin::origins[0].customOriginConfigs[0].originProtocolPolicy",
    ]);
  });

  it("judges the TLS versions when the protocol policy is unknown", () => {
    expect(judgeOrigin(custom({ originProtocolPolicy: UNKNOWN })).outcome).toBe("not judged");
    const both = custom({ originProtocolPolicy: UNKNOWN, originSslProtocols: ["SSLv3"] });
    expect(judgeOrigin(both).outcome).toBe("violation");
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontOriginHttps, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontOriginHttps);
});
