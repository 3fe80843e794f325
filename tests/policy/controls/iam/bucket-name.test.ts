import { describe, expect, it } from "vitest";
import { iamBucketName } from "../../../../policy/controls/iam/bucket-name.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, allow, BUCKET, document, OBJECTS, QUEUE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const ANY_IMAGES = "arn:aws:s3:::images-*/*";
const found = (...statements: object[]) => keysIn(iamBucketName, "identity", ...statements);

describe("IAM-022 iam-bucket-name", () => {
  itJudgesDocuments(iamBucketName, "identity", allow("s3:PutObject", ANY_IMAGES));

  it.each([
    ANY_IMAGES,
    "arn:aws:s3:::images*",
    "arn:aws:s3:::*-images/*",
    "arn:aws:s3:::image?/*",
    "arn:*:s3:::images-*",
  ])("reports %s once per statement", (pattern) => {
    expect(found(allow("s3:PutObject", pattern))).toEqual(["Bucket::S"]);
    expect(found(allow("s3:PutObject", [pattern, OBJECTS, ANY_IMAGES]))).toEqual(["Bucket::S"]);
  });

  it.each([
    ["a bucket", BUCKET],
    ["objects of a bucket", OBJECTS],
    ["objects of a prefix", `${BUCKET}/home-*/*`],
    ["every bucket, which IAM-003 reports", "arn:aws:s3:::*"],
    ["every object, which IAM-003 reports", "arn:aws:s3:::*/*"],
    ["everything, which IAM-003 reports", "*"],
    [
      "an access point, whose ARN contains its account",
      `arn:aws:s3:eu-central-1:${ACCOUNT}:accesspoint/images-*`,
    ],
    ["resources that are not buckets", `${QUEUE}-*`],
    ["a policy variable", `arn:aws:s3:::\${aws:PrincipalTag/Bucket}/*`],
  ])("accepts %s", (_, pattern) => {
    expect(found(allow("s3:PutObject", pattern))).toEqual([]);
  });

  it.each([
    ["aws:ResourceAccount", ACCOUNT],
    ["s3:ResourceAccount", ACCOUNT],
    ["aws:ResourceOrgID", "o-a1b2c3d4e5"],
  ])("accepts bucket names with a wildcard limited to %s", (key, value) => {
    expect(found(allow("s3:PutObject", ANY_IMAGES, when("StringEquals", key, value)))).toEqual([]);
    expect(found(allow("s3:PutObject", ANY_IMAGES, when("StringNotEquals", key, value)))).toEqual([
      "Bucket::S",
    ]);
  });

  it("ignores NotResource, which POL-001 reports", () => {
    expect(found({ Effect: "Allow", Action: "s3:PutObject", NotResource: ANY_IMAGES })).toEqual([]);
  });

  it("says why a partial bucket name is a risk", () => {
    const verdict = judge(iamBucketName, holding("identity", document(allow("s3:PutObject", ANY_IMAGES))));
    expect(verdict.findings[0]?.message).toBe(
      "Statement S of `policy` must use full bucket names: other accounts can create buckets that it matches.",
    );
  });

  proveControl(iamBucketName);
});
