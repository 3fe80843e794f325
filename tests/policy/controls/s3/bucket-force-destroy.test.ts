import { describe, expect, it } from "vitest";
import { s3BucketForceDestroy } from "../../../../policy/controls/s3/bucket-force-destroy.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeBucket = (props: object, type = "aws:s3/bucket:Bucket") =>
  judge(s3BucketForceDestroy, resource({ type, props }));

describe("S3-011 s3-bucket-force-destroy", () => {
  it("accepts a bucket without forceDestroy", () => {
    expect(judgeBucket({}).outcome).toBe("compliant");
    expect(judgeBucket({ forceDestroy: false }).outcome).toBe("compliant");
  });

  it.each(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"])("reports a %s with forceDestroy", (type) => {
    expect(findingsOf(judgeBucket({ forceDestroy: true }, type))).toEqual(["subject ForceDestroy::enabled"]);
  });

  it("does not judge an unknown value", () => {
    expect(judgeBucket({ forceDestroy: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeBucket({ forceDestroy: true }, "aws:ecr/repository:Repository").outcome).toBe(
      "not applicable",
    );
  });

  proveControl(s3BucketForceDestroy);
});
