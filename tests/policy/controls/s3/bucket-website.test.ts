import { describe, expect, it } from "vitest";
import { s3BucketWebsite } from "../../../../policy/controls/s3/bucket-website.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const REDIRECT = { redirectAllRequestsTo: { hostName: "example.com", protocol: "https" } };
const judgeProps = (type: string, props: object) => judge(s3BucketWebsite, resource({ type, props }));

describe("S3-010 s3-bucket-website", () => {
  it.each([
    [
      "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
      { indexDocument: { suffix: "index.html" } },
    ],
    ["aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2", { indexDocument: { suffix: "i" } }],
    ["aws:s3/bucket:Bucket", { website: { indexDocument: "index.html" } }],
    ["aws:s3/bucketV2:BucketV2", { websites: [{ indexDocument: "index.html" }] }],
  ])("reports a website configured with %s", (type, props) => {
    expect(findingsOf(judgeProps(type, props))).toEqual(["subject Website::enabled"]);
  });

  it("accepts a website that only redirects", () => {
    const type = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";
    expect(judgeProps(type, REDIRECT).outcome).toBe("compliant");
    expect(judgeProps("aws:s3/bucket:Bucket", { website: REDIRECT }).outcome).toBe("compliant");
  });

  it("does not judge an unknown website configuration", () => {
    expect(judgeProps("aws:s3/bucket:Bucket", { website: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to a bucket without a website", () => {
    expect(judgeProps("aws:s3/bucket:Bucket", {}).outcome).toBe("not applicable");
  });

  proveControl(s3BucketWebsite);
});
