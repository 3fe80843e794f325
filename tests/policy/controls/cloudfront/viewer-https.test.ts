import { describe, expect, it } from "vitest";
import { cloudfrontViewerHttps } from "../../../../policy/controls/cloudfront/viewer-https.ts";
import { behavior, distribution, MULTITENANT } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const plain = behavior({ viewerProtocolPolicy: "allow-all" });

describe("CLOUDFRONT-001 cloudfront-viewer-https", () => {
  it.each(["redirect-to-https", "https-only"])("accepts %s in every behavior", (viewerProtocolPolicy) => {
    const props = {
      defaultCacheBehavior: behavior({ viewerProtocolPolicy }),
      orderedCacheBehaviors: [behavior({ viewerProtocolPolicy })],
    };
    expect(judge(cloudfrontViewerHttps, distribution(props)).outcome).toBe("compliant");
  });

  it.each([
    ["defaultCacheBehavior[0]", { defaultCacheBehavior: plain }, undefined],
    ["orderedCacheBehaviors[1]", { orderedCacheBehaviors: [behavior(), plain] }, undefined],
    ["cacheBehaviors[0]", { cacheBehaviors: [plain] }, MULTITENANT],
    [
      "defaultCacheBehavior[0]",
      { defaultCacheBehavior: behavior({ viewerProtocolPolicy: undefined }) },
      undefined,
    ],
  ])("reports plain HTTP in %s", (path, props, type) => {
    expect(findingsOf(judge(cloudfrontViewerHttps, distribution(props, type)))).toEqual([
      `cdn Viewer::${path}.viewerProtocolPolicy`,
    ]);
  });

  it("judges the other behaviors when one protocol policy is unknown", () => {
    const unknown = behavior({ viewerProtocolPolicy: UNKNOWN });
    expect(judge(cloudfrontViewerHttps, distribution({ defaultCacheBehavior: unknown })).outcome).toBe(
      "not judged",
    );
    const props = { defaultCacheBehavior: unknown, orderedCacheBehaviors: [plain] };
    expect(judge(cloudfrontViewerHttps, distribution(props)).outcome).toBe("violation");
  });

  it("does not apply to other types", () => {
    const type = "aws:cloudfront/function:Function";
    expect(judge(cloudfrontViewerHttps, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontViewerHttps);
});
