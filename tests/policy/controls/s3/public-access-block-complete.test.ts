import { describe, expect, it } from "vitest";
import { s3PublicAccessBlockComplete } from "../../../../policy/controls/s3/public-access-block-complete.ts";
import { UNKNOWN_SENTINELS } from "../../../../policy/engine/unknown.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource } from "../../support/subject.ts";

const SETTINGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const COMPLIANT = Object.fromEntries(SETTINGS.map((setting) => [setting, true]));
const block = (props: object) =>
  resource({ type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", props });

describe("S3-002 s3-public-access-block-complete", () => {
  it("accepts a block with all four settings true", () => {
    expect(judge(s3PublicAccessBlockComplete, block(COMPLIANT)).outcome).toBe("compliant");
  });

  it.each(SETTINGS)("reports a block with %s false or missing", (setting) => {
    for (const value of [false, undefined]) {
      const verdict = judge(s3PublicAccessBlockComplete, block({ ...COMPLIANT, [setting]: value }));
      expect(findingsOf(verdict)).toEqual([`subject Setting::${setting}`]);
    }
  });

  it("judges the other settings when one is unknown", () => {
    const props = { ...COMPLIANT, blockPublicAcls: UNKNOWN_SENTINELS.boolean, blockPublicPolicy: false };
    expect(judge(s3PublicAccessBlockComplete, block(props))).toMatchObject({
      outcome: "violation",
      findings: [{ key: "Setting::blockPublicPolicy" }],
      notJudged: [{ path: "blockPublicAcls" }],
    });
    expect(judge(s3PublicAccessBlockComplete, block({ ...props, blockPublicPolicy: true })).outcome).toBe(
      "not judged",
    );
  });

  it("judges the block of an account", () => {
    const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
    expect(judge(s3PublicAccessBlockComplete, resource({ type, props: COMPLIANT })).outcome).toBe(
      "compliant",
    );
    expect(judge(s3PublicAccessBlockComplete, resource({ type })).findings).toHaveLength(4);
  });

  it("does not apply to other types", () => {
    expect(judge(s3PublicAccessBlockComplete, resource({ type: "aws:s3/bucket:Bucket" })).outcome).toBe(
      "not applicable",
    );
  });

  it("sets all four settings when it remediates", () => {
    const remedied = remedy(s3PublicAccessBlockComplete, block({}));
    expect(judge(s3PublicAccessBlockComplete, block(remedied)).outcome).toBe("compliant");
  });

  proveControl(s3PublicAccessBlockComplete);
});
