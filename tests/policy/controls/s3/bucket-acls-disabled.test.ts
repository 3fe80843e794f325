import { describe, expect, it } from "vitest";
import { s3BucketAclsDisabled } from "../../../../policy/controls/s3/bucket-acls-disabled.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeOwnership = (rule: unknown) =>
  judge(
    s3BucketAclsDisabled,
    resource({ type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls", props: { rule } }),
  );

describe("S3-005 s3-bucket-acls-disabled", () => {
  it("accepts BucketOwnerEnforced", () => {
    expect(judgeOwnership({ objectOwnership: "BucketOwnerEnforced" }).outcome).toBe("compliant");
  });

  it.each(["BucketOwnerPreferred", "ObjectWriter"])("reports %s", (objectOwnership) => {
    expect(findingsOf(judgeOwnership({ objectOwnership }))).toEqual(["subject Ownership::acls-enabled"]);
  });

  it("reports ownership controls without a rule", () => {
    expect(judgeOwnership(undefined).outcome).toBe("violation");
  });

  it("does not judge an unknown ownership", () => {
    expect(judgeOwnership({ objectOwnership: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "rule[0].objectOwnership" }],
    });
  });

  it("does not apply to buckets, which have ACLs disabled by default", () => {
    const bucket = resource({ type: "aws:s3/bucket:Bucket" });
    expect(judge(s3BucketAclsDisabled, bucket).outcome).toBe("not applicable");
  });

  proveControl(s3BucketAclsDisabled);
});
