import { describe, expect, it } from "vitest";
import { s3BucketEncryption } from "../../../../policy/controls/s3/bucket-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const BY_DEFAULT = { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY };
const RULE = { bucketKeyEnabled: true, applyServerSideEncryptionByDefault: BY_DEFAULT };
const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource({ type, name: "images", props: { bucket: "images", ...props } });
const encryption = (rule: object, version = "") =>
  resource({
    type: `aws:s3/bucketServerSideEncryptionConfiguration${version}:BucketServerSideEncryptionConfiguration${version}`,
    name: "encryption",
    props: { bucket: "images", rules: [rule] },
  });
const judgeRule = (rule: object, parameters = {}) =>
  judge(s3BucketEncryption, [bucket(), encryption(rule)], { parameters });

describe("S3-004 s3-bucket-encryption", () => {
  it.each(["", "V2"])("accepts a customer-managed key with a bucket key (%s)", (version) => {
    expect(judge(s3BucketEncryption, [bucket(), encryption(RULE, version)]).outcome).toBe("compliant");
  });

  it.each([
    ["of the bucket", "aws:s3/bucket:Bucket", { serverSideEncryptionConfiguration: { rule: RULE } }],
    [
      "of the older bucket",
      "aws:s3/bucketV2:BucketV2",
      {
        serverSideEncryptionConfigurations: [
          { rules: [{ bucketKeyEnabled: true, applyServerSideEncryptionByDefaults: [BY_DEFAULT] }] },
        ],
      },
    ],
  ])("accepts the inline block %s", (_, type, props) => {
    expect(judge(s3BucketEncryption, [bucket(props, type)]).outcome).toBe("compliant");
  });

  it.each([
    [
      "S3's own keys",
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      "images Encryption::s3-managed-key",
    ],
    [
      "KMS without a key",
      { ...RULE, applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } },
      "images Encryption::aws-managed-key",
    ],
    [
      "the AWS-managed key",
      { ...RULE, applyServerSideEncryptionByDefault: { ...BY_DEFAULT, kmsMasterKeyId: "alias/aws/s3" } },
      "images Encryption::aws-managed-key",
    ],
    ["no bucket key", { ...RULE, bucketKeyEnabled: false }, "images Encryption::bucket-key-disabled"],
    [
      "a bucket key that is not set",
      { applyServerSideEncryptionByDefault: BY_DEFAULT },
      "images Encryption::bucket-key-disabled",
    ],
  ])("reports %s", (_, rule, finding) => {
    expect(findingsOf(judgeRule(rule))).toEqual([finding]);
  });

  it("reports a bucket with S3's default encryption", () => {
    expect(findingsOf(judge(s3BucketEncryption, [bucket()]))).toEqual(["images Encryption::s3-managed-key"]);
    const atPreview = bucket({ serverSideEncryptionConfiguration: UNKNOWN });
    expect(findingsOf(judge(s3BucketEncryption, [atPreview]))).toEqual(["images Encryption::s3-managed-key"]);
  });

  it("does not require a bucket key for dual-layer encryption", () => {
    const rule = { applyServerSideEncryptionByDefault: { ...BY_DEFAULT, sseAlgorithm: "aws:kms:dsse" } };
    expect(judgeRule(rule).outcome).toBe("compliant");
  });

  it("accepts S3's own keys for a bucket that receives access logs", () => {
    const logs = resource({ type: "aws:s3/bucket:Bucket", name: "logs", props: { bucket: "logs" } });
    const logging = resource({
      type: "aws:s3/bucketLogging:BucketLogging",
      props: { bucket: "images", targetBucket: "logs" },
    });
    const verdict = judge(s3BucketEncryption, [bucket(), encryption(RULE), logs, logging]);
    expect(verdict.outcome).toBe("compliant");
  });

  it("accepts AWS's keys and no bucket key when the config allows it", () => {
    const own = { customerManagedKey: false };
    expect(judge(s3BucketEncryption, [bucket()], { parameters: own }).outcome).toBe("compliant");
    expect(judgeRule({ ...RULE, bucketKeyEnabled: false }, { bucketKey: false }).outcome).toBe("compliant");
  });

  it("judges the bucket key when the KMS key is unknown", () => {
    const unknown = { applyServerSideEncryptionByDefault: { ...BY_DEFAULT, kmsMasterKeyId: UNKNOWN } };
    expect(judgeRule({ ...unknown, bucketKeyEnabled: true })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "rules[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId" }],
    });
    expect(findingsOf(judgeRule(unknown))).toEqual(["images Encryption::bucket-key-disabled"]);
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketEncryption, [encryption(RULE)]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketEncryption);
});
