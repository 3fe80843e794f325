import { describe, expect, it } from "vitest";
import { cloudfrontDefaultRootObject } from "../../../../policy/controls/cloudfront/default-root-object.ts";
import { BUCKET_ORIGIN, CUSTOM_ORIGIN, distribution } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, UNKNOWN } from "../../support/subject.ts";

const judgeRoot = (defaultRootObject: unknown, origins: unknown = [CUSTOM_ORIGIN, BUCKET_ORIGIN]) =>
  judge(cloudfrontDefaultRootObject, distribution({ defaultRootObject, origins }));

describe("CLOUDFRONT-007 cloudfront-default-root-object", () => {
  it("accepts a default root object", () => {
    expect(judgeRoot("index.html").outcome).toBe("compliant");
  });

  it.each([undefined, ""])("reports %o when an origin is a bucket", (root) => {
    expect(findingsOf(judgeRoot(root))).toEqual(["cdn RootObject::missing"]);
  });

  it("does not judge unknown origins", () => {
    expect(judgeRoot(undefined, UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply when no origin is a bucket", () => {
    expect(judgeRoot(undefined, [CUSTOM_ORIGIN]).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontDefaultRootObject);
});
