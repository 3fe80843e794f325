import { describe, expect, it } from "vitest";
import { cloudfrontOriginAccessControl } from "../../../../policy/controls/cloudfront/origin-access-control.ts";
import { BUCKET_ORIGIN, CUSTOM_ORIGIN, distribution, MULTITENANT } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeOrigins = (...origins: unknown[]) =>
  judge(cloudfrontOriginAccessControl, distribution({ origins }));
const FUNCTION_URL = "a1b2c3d4e5.lambda-url.eu-west-1.on.aws";
const open = { ...BUCKET_ORIGIN, originAccessControlId: undefined };

describe("CLOUDFRONT-004 cloudfront-origin-access-control", () => {
  it.each([
    ["a bucket behind an access control", BUCKET_ORIGIN],
    [
      "an access control that is unknown",
      { ...BUCKET_ORIGIN, originAccessControlId: UNKNOWN, domainName: UNKNOWN },
    ],
    ["a web server", CUSTOM_ORIGIN],
    [
      "a function URL behind an access control",
      { ...CUSTOM_ORIGIN, domainName: FUNCTION_URL, originAccessControlId: "E1" },
    ],
    [
      "a load balancer in a VPC",
      { originId: "vpc", domainName: "lb.internal", vpcOriginConfig: { vpcOriginId: "vo" } },
    ],
  ])("accepts %s", (_, origin) => {
    expect(judgeOrigins(origin).outcome).toBe("compliant");
  });

  it.each([
    ["an open bucket", open],
    ["a bucket with an unknown name", { ...open, domainName: UNKNOWN }],
    [
      "a bucket behind an origin access identity",
      { ...open, s3OriginConfig: { originAccessIdentity: "origin-access-identity/cloudfront/E1" } },
    ],
    ["an open function URL", { ...CUSTOM_ORIGIN, domainName: FUNCTION_URL }],
  ])("reports %s", (_, origin) => {
    expect(findingsOf(judgeOrigins(BUCKET_ORIGIN, origin))).toEqual([
      "cdn Origin::origins[1].originAccessControlId",
    ]);
  });

  it("reports the origins of a multi-tenant distribution", () => {
    const { customOriginConfig, ...origin } = CUSTOM_ORIGIN;
    const custom = { ...origin, customOriginConfigs: [customOriginConfig] };
    const judgeTenants = (origins: unknown[]) =>
      judge(cloudfrontOriginAccessControl, distribution({ origins }, MULTITENANT)).outcome;
    expect(judgeTenants([custom])).toBe("compliant");
    expect(judgeTenants([open])).toBe("violation");
  });

  it("does not judge an origin with an unknown domain name", () => {
    expect(judgeOrigins({ ...CUSTOM_ORIGIN, domainName: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "origins[0].domainName" }],
    });
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontOriginAccessControl, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontOriginAccessControl);
});
