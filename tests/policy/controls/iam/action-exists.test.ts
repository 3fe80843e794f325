import { describe, expect, it } from "vitest";
import { iamActionExists } from "../../../../policy/controls/iam/action-exists.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, OBJECTS } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (action: unknown) => keysIn(iamActionExists, "identity", allow(action, OBJECTS));

describe("IAM-006 iam-action-exists", () => {
  itJudgesDocuments(iamActionExists, "identity", allow("s3:GetObjects", OBJECTS), { denyToo: true });

  it.each([
    "s3:GetObject",
    "S3:getobject",
    "s3:Get*",
    "*",
    "*:*",
    "s?:Nothing",
    "bedrock:InvokeModel",
    "bedrock:NotYetInTheTable",
  ])("accepts %s", (action) => {
    expect(keys(action)).toEqual([]);
  });

  it.each(["s3:GetObjects", "s3:Fetch*", "dynamo:GetItem", "iam:?"])("reports %s", (action) => {
    expect(keys(action)).toEqual([`Action::${action}`]);
  });

  it("reports a misspelled action in a Deny and in NotAction", () => {
    const others = { Sid: "S", Effect: "Deny", Resource: "*" };
    expect(keysIn(iamActionExists, "identity", { ...others, Action: "s3:DeleteBuckets" })).toEqual([
      "Action::s3:DeleteBuckets",
    ]);
    expect(keysIn(iamActionExists, "identity", { ...others, NotAction: "iam:GetUsers" })).toEqual([
      "Action::iam:GetUsers",
    ]);
  });

  it("says why an action does not exist", () => {
    const actions = ["s3:GetObjects", "s3:Fetch*", "dynamo:GetItem"];
    const { findings } = judge(iamActionExists, holding("identity", document(allow(actions, OBJECTS))));
    expect(findings.map(({ message }) => message)).toEqual([
      "Statement S of `policy` must name actions that exist: `s3:GetObjects` is not an action.",
      "Statement S of `policy` must name actions that exist: `s3:Fetch*` matches no action.",
      "Statement S of `policy` must name actions that exist: `dynamo:GetItem` names an unknown service.",
    ]);
  });

  proveControl(iamActionExists);
});
