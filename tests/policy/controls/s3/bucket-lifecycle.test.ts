import { describe, expect, it } from "vitest";
import { s3BucketLifecycle } from "../../../../policy/controls/s3/bucket-lifecycle.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource({ type, name: "images", props: { bucket: "images", ...props } });
const lifecycle = (rules: unknown, version = "") =>
  resource({
    type: `aws:s3/bucketLifecycleConfiguration${version}:BucketLifecycleConfiguration${version}`,
    name: "lifecycle",
    props: { bucket: "images", rules },
  });
const versioning = resource({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  props: { bucket: "images", versioningConfiguration: { status: "Enabled" } },
});
const ABORT = {
  id: "abort",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};
const EXPIRE = { id: "expire", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } };
const UPLOADS = ["images Lifecycle::incomplete-uploads"];

describe("S3-008 s3-bucket-lifecycle", () => {
  it.each(["", "V2"])(
    "accepts a versioned bucket that aborts incomplete uploads and expires old versions (%s)",
    (version) => {
      const verdict = judge(s3BucketLifecycle, [bucket(), versioning, lifecycle([ABORT, EXPIRE], version)]);
      expect(verdict.outcome).toBe("compliant");
    },
  );

  it("does not require expiry of versions for a bucket without versioning", () => {
    expect(judge(s3BucketLifecycle, [bucket(), lifecycle([ABORT])]).outcome).toBe("compliant");
  });

  it.each(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"])("accepts inline rules of a %s", (type) => {
    const lifecycleRules = [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }];
    expect(judge(s3BucketLifecycle, [bucket({ lifecycleRules }, type)]).outcome).toBe("compliant");
  });

  it("treats a size filter of 0 as no filter", () => {
    const filter = { prefix: "", objectSizeGreaterThan: 0, and: null };
    expect(judge(s3BucketLifecycle, [bucket(), lifecycle([{ ...ABORT, filter }])]).outcome).toBe("compliant");
  });

  it.each([
    ["a rule that does something else", [EXPIRE], UPLOADS],
    ["a rule for a prefix only", [{ ...ABORT, filter: { prefix: "tmp/" } }], UPLOADS],
    [
      "a rule for a prefix only, in the older form",
      [{ ...ABORT, filter: undefined, prefix: "tmp/" }],
      UPLOADS,
    ],
    ["a disabled rule", [{ ...ABORT, status: "Disabled" }], ["images Lifecycle::missing"]],
    ["no rules", [], ["images Lifecycle::missing"]],
  ])("reports %s", (_, rules, findings) => {
    expect(findingsOf(judge(s3BucketLifecycle, [bucket(), lifecycle(rules)]))).toEqual(findings);
  });

  it("reports a versioned bucket that keeps old versions forever", () => {
    expect(findingsOf(judge(s3BucketLifecycle, [bucket(), versioning, lifecycle([ABORT])]))).toEqual([
      "images Lifecycle::noncurrent-versions",
    ]);
  });

  it("reports a bucket without rules, even if AWS will fill in the property", () => {
    for (const props of [{}, { lifecycleRules: UNKNOWN }, { lifecycleRules: [{ enabled: false }] }]) {
      expect(findingsOf(judge(s3BucketLifecycle, [bucket(props)]))).toEqual(["images Lifecycle::missing"]);
    }
  });

  it("does not judge unknown rules", () => {
    expect(judge(s3BucketLifecycle, [bucket(), lifecycle(UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketLifecycle, [lifecycle([ABORT])]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketLifecycle);
});
