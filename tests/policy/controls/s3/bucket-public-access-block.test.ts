import { describe, expect, it } from "vitest";
import { s3BucketPublicAccessBlock } from "../../../../policy/controls/s3/bucket-public-access-block.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bucket = (name: string, props: object = { bucket: name, id: name }, type = "aws:s3/bucket:Bucket") =>
  resource({ type, name, props });
const block = (props: object, propertyDependencies = {}) =>
  resource({
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    name: "block",
    props,
    propertyDependencies,
  });

describe("S3-001 s3-bucket-public-access-block", () => {
  it.each(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"])(
    "accepts a %s with a block that names it",
    (type) => {
      const images = bucket("images", { bucket: "images" }, type);
      expect(judge(s3BucketPublicAccessBlock, [images, block({ bucket: "images" })]).outcome).toBe(
        "compliant",
      );
    },
  );

  it("matches a block by its origin while names are unknown", () => {
    const images = bucket("images", { bucket: UNKNOWN });
    const verdict = judge(s3BucketPublicAccessBlock, [
      images,
      block({ bucket: UNKNOWN }, { bucket: [images] }),
    ]);
    expect(verdict.outcome).toBe("compliant");
  });

  it.each(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"])("reports a %s without a block", (type) => {
    const verdict = judge(s3BucketPublicAccessBlock, [bucket("images", { bucket: "images" }, type)]);
    expect(findingsOf(verdict)).toEqual(["images PublicAccessBlock::missing"]);
  });

  it("reports only the bucket without a block", () => {
    const verdict = judge(s3BucketPublicAccessBlock, [
      bucket("images"),
      bucket("logs"),
      block({ bucket: "images" }),
    ]);
    expect(findingsOf(verdict)).toEqual(["logs PublicAccessBlock::missing"]);
  });

  it("reports a bucket when the only block belongs to another bucket", () => {
    const images = bucket("images", { bucket: UNKNOWN });
    const logs = bucket("logs", { bucket: UNKNOWN });
    const verdict = judge(s3BucketPublicAccessBlock, [
      images,
      logs,
      block({ bucket: UNKNOWN }, { bucket: [logs] }),
    ]);
    expect(findingsOf(verdict)).toEqual(["images PublicAccessBlock::missing"]);
  });

  it("does not judge while a block's bucket is unknown and has an unknown origin", () => {
    expect(judge(s3BucketPublicAccessBlock, [bucket("images"), block({ bucket: UNKNOWN })])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "block.bucket", resource: { name: "images" } }],
    });
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketPublicAccessBlock, [block({ bucket: "elsewhere" })]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketPublicAccessBlock);
});
