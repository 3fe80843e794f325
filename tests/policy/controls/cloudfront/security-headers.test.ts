import { describe, expect, it } from "vitest";
import { cloudfrontSecurityHeaders } from "../../../../policy/controls/cloudfront/security-headers.ts";
import { behavior, distribution } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bare = behavior({ responseHeadersPolicyId: undefined });

describe("CLOUDFRONT-008 cloudfront-security-headers", () => {
  it("accepts a response headers policy in every behavior, known or unknown", () => {
    const props = { orderedCacheBehaviors: [behavior({ responseHeadersPolicyId: UNKNOWN })] };
    expect(judge(cloudfrontSecurityHeaders, distribution(props)).outcome).toBe("compliant");
  });

  it("reports each behavior without a response headers policy", () => {
    const props = { defaultCacheBehavior: bare, orderedCacheBehaviors: [behavior(), bare] };
    expect(findingsOf(judge(cloudfrontSecurityHeaders, distribution(props)))).toEqual([
      "cdn Headers::defaultCacheBehavior[0].responseHeadersPolicyId",
      "cdn Headers::orderedCacheBehaviors[1].responseHeadersPolicyId",
    ]);
  });

  it("does not judge unknown behaviors", () => {
    const props = { orderedCacheBehaviors: UNKNOWN };
    expect(judge(cloudfrontSecurityHeaders, distribution(props)).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontSecurityHeaders, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontSecurityHeaders);
});
