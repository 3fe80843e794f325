import { describe, expect, it } from "vitest";
import { iamActionResourceMatch } from "../../../../policy/controls/iam/action-resource-match.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, BUCKET, document, OBJECTS, QUEUE, TOPIC } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamActionResourceMatch, "identity", allow(...statement));

describe("IAM-005 iam-action-resource-match", () => {
  itJudgesDocuments(iamActionResourceMatch, "identity", allow("s3:GetObject", BUCKET));

  it.each([
    ["an action on its resource type", "s3:GetObject", OBJECTS],
    ["* for every action", ["s3:GetObject", "xray:PutTraceSegments"], "*"],
    ["one matching resource among others", ["s3:GetObject", "s3:ListBucket"], [BUCKET, OBJECTS]],
    ["resources that match no action", "sqs:SendMessage", [QUEUE, TOPIC]],
    ["an action wildcard", "s3:Get*", BUCKET],
    ["an action that is not in the table", "s3:GetObjects", BUCKET],
    ["a service that the table covers in part", "bedrock:InvokeModel", BUCKET],
    ["a policy variable as the name", "s3:GetObject", `arn:aws:s3:::\${aws:PrincipalTag/bucket}/*`],
    ["a policy variable as the whole resource", "s3:GetObject", `\${aws:PrincipalTag/arn}`],
    [
      "all resources of a service for an action that takes no resource",
      "s3:ListAllMyBuckets",
      "arn:aws:s3:::*",
    ],
  ])("accepts %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it.each([
    ["an object's action on a bucket", "s3:GetObject", BUCKET],
    ["a bucket's action on objects", "s3:ListBucket", OBJECTS],
    ["another service's resource", "sqs:SendMessage", TOPIC],
    ["a named resource for an action that takes no resource", "s3:ListAllMyBuckets", BUCKET],
  ])("reports %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([`Mismatch::${action}`]);
  });

  it("uses AWS's spelling of the action in the finding", () => {
    expect(keys("S3:GETOBJECT", BUCKET)).toEqual(["Mismatch::s3:GetObject"]);
  });

  it("ignores NotAction and NotResource", () => {
    expect(
      keysIn(iamActionResourceMatch, "identity", { Effect: "Allow", NotAction: "s3:*", Resource: BUCKET }),
    ).toEqual([]);
    expect(
      keysIn(iamActionResourceMatch, "identity", {
        Effect: "Allow",
        Action: "s3:GetObject",
        NotResource: BUCKET,
      }),
    ).toEqual([]);
  });

  it("says which resource the action needs", () => {
    const { findings } = judge(
      iamActionResourceMatch,
      holding(
        "identity",
        document(allow("s3:ListAllMyBuckets", BUCKET), allow("s3:GetObject", BUCKET, { Sid: "T" })),
      ),
    );
    expect(findings.map(({ message }) => message)).toEqual([
      "Statement S of `policy` must give `s3:ListAllMyBuckets` the resource `*`, because it takes no other.",
      "Statement T of `policy` must give `s3:GetObject` a resource that it applies to.",
    ]);
  });

  proveControl(iamActionResourceMatch);
});
