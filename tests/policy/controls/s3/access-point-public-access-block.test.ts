import { describe, expect, it } from "vitest";
import { s3AccessPointPublicAccessBlock } from "../../../../policy/controls/s3/access-point-public-access-block.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeBlock = (block: unknown) =>
  judge(
    s3AccessPointPublicAccessBlock,
    resource({
      type: "aws:s3/accessPoint:AccessPoint",
      props: { bucket: "images", publicAccessBlockConfiguration: block },
    }),
  );

describe("S3-012 s3-access-point-public-access-block", () => {
  it("accepts the default and all four settings true", () => {
    expect(judgeBlock(undefined).outcome).toBe("compliant");
    expect(judgeBlock({}).outcome).toBe("compliant");
    const all = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    expect(judgeBlock(all).outcome).toBe("compliant");
  });

  it.each(["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])(
    "reports a false %s",
    (setting) => {
      expect(findingsOf(judgeBlock({ [setting]: false }))).toEqual([`subject Setting::${setting}`]);
    },
  );

  it("judges the known settings when one is unknown", () => {
    expect(judgeBlock({ blockPublicAcls: UNKNOWN }).outcome).toBe("not judged");
    const block = { blockPublicAcls: UNKNOWN, blockPublicPolicy: false };
    expect(findingsOf(judgeBlock(block))).toEqual(["subject Setting::blockPublicPolicy"]);
  });

  it("does not apply to a bucket", () => {
    const bucket = resource({ type: "aws:s3/bucket:Bucket" });
    expect(judge(s3AccessPointPublicAccessBlock, bucket).outcome).toBe("not applicable");
  });

  proveControl(s3AccessPointPublicAccessBlock);
});
