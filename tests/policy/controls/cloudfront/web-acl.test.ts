import { describe, expect, it } from "vitest";
import { cloudfrontWebAcl } from "../../../../policy/controls/cloudfront/web-acl.ts";
import { distribution } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

describe("CLOUDFRONT-009 cloudfront-web-acl", () => {
  it("is disabled by default", () => {
    expect(cloudfrontWebAcl.level).toBe("disabled");
  });

  it("accepts a firewall, known or unknown", () => {
    expect(judge(cloudfrontWebAcl, distribution()).outcome).toBe("compliant");
    expect(judge(cloudfrontWebAcl, distribution({ webAclId: UNKNOWN })).outcome).toBe("compliant");
  });

  it.each([undefined, ""])("reports %o", (webAclId) => {
    expect(findingsOf(judge(cloudfrontWebAcl, distribution({ webAclId })))).toEqual(["cdn WebAcl::missing"]);
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontWebAcl, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontWebAcl, { never: ["not judged"] });
});
