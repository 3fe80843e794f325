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
    "accepts a versioned bucket that aborts uploads and expires versions (%s)",
    (version) => {
      const verdict = judge(s3BucketLifecycle, [bucket(), versioning, lifecycle([ABORT, EXPIRE], version)]);
      expect(verdict.outcome).toBe("compliant");
    },
  );

  it("asks nothing about versions of a bucket without them", () => {
    expect(judge(s3BucketLifecycle, [bucket(), lifecycle([ABORT])]).outcome).toBe("compliant");
  });

  it.each(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"])("accepts the own rules of a %s", (type) => {
    const lifecycleRules = [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }];
    expect(judge(s3BucketLifecycle, [bucket({ lifecycleRules }, type)]).outcome).toBe("compliant");
  });

  it("takes a size of 0 for no limit, as AWS gives it back", () => {
    const filter = { prefix: "", objectSizeGreaterThan: 0, and: null };
    expect(judge(s3BucketLifecycle, [bucket(), lifecycle([{ ...ABORT, filter }])]).outcome).toBe("compliant");
  });

  it.each([
    ["a rule that does something else", [EXPIRE], UPLOADS],
    ["uploads of a prefix only", [{ ...ABORT, filter: { prefix: "tmp/" } }], UPLOADS],
    ["uploads of an older prefix only", [{ ...ABORT, filter: undefined, prefix: "tmp/" }], UPLOADS],
    ["a rule that is disabled", [{ ...ABORT, status: "Disabled" }], ["images Lifecycle::missing"]],
    ["no rules", [], ["images Lifecycle::missing"]],
  ])("refuses %s", (_, rules, findings) => {
    expect(findingsOf(judge(s3BucketLifecycle, [bucket(), lifecycle(rules)]))).toEqual(findings);
  });

  it("refuses a versioned bucket that keeps old versions for ever", () => {
    expect(findingsOf(judge(s3BucketLifecycle, [bucket(), versioning, lifecycle([ABORT])]))).toEqual([
      "images Lifecycle::noncurrent-versions",
    ]);
  });

  it("refuses a bucket without rules, also where AWS has yet to fill in its own", () => {
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
