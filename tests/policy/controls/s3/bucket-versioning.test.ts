import { describe, expect, it } from "vitest";
import { s3BucketVersioning } from "../../../../policy/controls/s3/bucket-versioning.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource({ type, name: "images", props: { bucket: "images", ...props } });
const versioning = (status: unknown, version = "") =>
  resource({
    type: `aws:s3/bucketVersioning${version}:BucketVersioning${version}`,
    name: "versioning",
    props: { bucket: "images", versioningConfiguration: { status } },
  });
const DISABLED = ["images Versioning::disabled"];

describe("S3-007 s3-bucket-versioning", () => {
  it.each(["", "V2"])("accepts enabled versioning (%s)", (version) => {
    expect(judge(s3BucketVersioning, [bucket(), versioning("Enabled", version)]).outcome).toBe("compliant");
  });

  it("accepts an inline block", () => {
    expect(judge(s3BucketVersioning, [bucket({ versioning: { enabled: true } })]).outcome).toBe("compliant");
    const older = bucket({ versionings: [{ enabled: true }] }, "aws:s3/bucketV2:BucketV2");
    expect(judge(s3BucketVersioning, [older]).outcome).toBe("compliant");
  });

  it.each(["Suspended", "Disabled", undefined])("reports versioning with the status %s", (status) => {
    expect(findingsOf(judge(s3BucketVersioning, [bucket(), versioning(status)]))).toEqual(DISABLED);
  });

  it.each([
    ["no versioning", {}],
    ["a disabled inline block", { versioning: { enabled: false } }],
    ["no versioning, at preview", { versioning: UNKNOWN }],
  ])("reports a bucket with %s", (_, props) => {
    expect(findingsOf(judge(s3BucketVersioning, [bucket(props)]))).toEqual(DISABLED);
  });

  it("does not judge an unknown status", () => {
    expect(judge(s3BucketVersioning, [bucket(), versioning(UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketVersioning, [versioning("Enabled")]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketVersioning);
});
