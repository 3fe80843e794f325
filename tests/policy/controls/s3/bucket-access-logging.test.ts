import { describe, expect, it } from "vitest";
import { s3BucketAccessLogging } from "../../../../policy/controls/s3/bucket-access-logging.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bucket = (name: string, props: object = {}, type = "aws:s3/bucket:Bucket", propertyDependencies = {}) =>
  resource({ type, name, props: { bucket: name, ...props }, propertyDependencies });
const logging = (targetBucket: unknown, version = "", propertyDependencies = {}) =>
  resource({
    type: `aws:s3/bucketLogging${version}:BucketLogging${version}`,
    name: "logging",
    props: { bucket: "images", targetBucket },
    propertyDependencies,
  });

describe("S3-009 s3-bucket-access-logging", () => {
  it.each(["", "V2"])(
    "accepts logs to another bucket, and requires no logs of the log bucket (%s)",
    (version) => {
      const stack = [bucket("images"), bucket("logs"), logging("logs", version)];
      expect(judge(s3BucketAccessLogging, stack).outcome).toBe("compliant");
    },
  );

  it("accepts logs to a bucket of another stack", () => {
    expect(judge(s3BucketAccessLogging, [bucket("images"), logging("elsewhere")]).outcome).toBe("compliant");
  });

  it("accepts an inline configuration, and requires no logs of the log bucket", () => {
    const own = bucket("images", { logging: { targetBucket: "logs" } });
    expect(judge(s3BucketAccessLogging, [own, bucket("logs")]).outcome).toBe("compliant");
    const older = bucket("images", { loggings: [{ targetBucket: "logs" }] }, "aws:s3/bucketV2:BucketV2");
    expect(judge(s3BucketAccessLogging, [older, bucket("logs")]).outcome).toBe("compliant");
  });

  it("matches the log bucket by its origin while names are unknown", () => {
    const logs = bucket("logs", { bucket: UNKNOWN });
    const own = bucket("images", { logging: { targetBucket: UNKNOWN } }, undefined, { logging: [logs] });
    expect(findingsOf(judge(s3BucketAccessLogging, [own, logs]))).toEqual([]);
    const stack = [bucket("images"), logs, logging(UNKNOWN, "", { targetBucket: [logs] })];
    expect(judge(s3BucketAccessLogging, stack).outcome).toBe("compliant");
  });

  it("reports a bucket that is not logged", () => {
    expect(findingsOf(judge(s3BucketAccessLogging, [bucket("images")]))).toEqual(["images Logging::missing"]);
    const atPreview = bucket("images", { logging: UNKNOWN });
    expect(findingsOf(judge(s3BucketAccessLogging, [atPreview]))).toEqual(["images Logging::missing"]);
  });

  it("reports a bucket that logs to itself", () => {
    const finding = ["images Logging::own-bucket"];
    expect(findingsOf(judge(s3BucketAccessLogging, [bucket("images"), logging("images")]))).toEqual(finding);
    const own = bucket("images", { logging: { targetBucket: "images" } });
    expect(findingsOf(judge(s3BucketAccessLogging, [own]))).toEqual(finding);
  });

  it("does not judge while the logged bucket is unknown", () => {
    const unknown = resource({ type: "aws:s3/bucketLogging:BucketLogging", props: { bucket: UNKNOWN } });
    expect(judge(s3BucketAccessLogging, [bucket("images"), unknown]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketAccessLogging, [logging("logs")]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketAccessLogging);
});
