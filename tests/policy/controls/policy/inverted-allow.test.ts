import { describe, expect, it } from "vitest";
import { policyInvertedAllow } from "../../../../policy/controls/policy/inverted-allow.ts";
import { type HeldKind, holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, OBJECTS, QUEUE, ROLE } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const others = { Sid: "S", Effect: "Allow" };

describe("POL-001 policy-inverted-allow", () => {
  itJudgesDocuments(policyInvertedAllow, "identity", { ...others, NotAction: "iam:*", Resource: OBJECTS });

  it.each<[HeldKind, object, string]>([
    ["identity", { NotAction: "iam:*", Resource: OBJECTS }, "NotAction"],
    ["identity", { Action: "s3:GetObject", NotResource: OBJECTS }, "NotResource"],
    ["resource", { Principal: { AWS: ROLE }, NotAction: "sqs:DeleteQueue", Resource: QUEUE }, "NotAction"],
    ["resource", { NotPrincipal: { AWS: ROLE }, Action: "sqs:SendMessage", Resource: QUEUE }, "NotPrincipal"],
    ["key", { NotPrincipal: { AWS: ROLE }, Action: "kms:Decrypt", Resource: "*" }, "NotPrincipal"],
    ["trust", { NotPrincipal: { AWS: ROLE }, Action: "sts:AssumeRole" }, "NotPrincipal"],
  ])("reports in a document of the kind %s: %j", (kind, elements, element) => {
    expect(keysIn(policyInvertedAllow, kind, { ...others, ...elements })).toEqual([`${element}::S`]);
  });

  it("reports each inverted element of one statement", () => {
    const statement = {
      ...others,
      NotPrincipal: { AWS: ROLE },
      NotAction: "sqs:DeleteQueue",
      Resource: QUEUE,
    };
    expect(keysIn(policyInvertedAllow, "resource", statement)).toEqual(["NotAction::S", "NotPrincipal::S"]);
  });

  it("reports an inverted element even with a condition", () => {
    const Condition = { StringEquals: { "aws:RequestedRegion": "eu-central-1" } };
    expect(
      keysIn(policyInvertedAllow, "identity", { ...others, NotAction: "iam:*", Resource: "*", Condition }),
    ).toHaveLength(1);
  });

  it("accepts statements that name what they allow", () => {
    expect(keysIn(policyInvertedAllow, "identity", allow("s3:GetObject", OBJECTS))).toEqual([]);
  });

  it("names the element in its message", () => {
    const body = document({ ...others, NotAction: "iam:*", Resource: OBJECTS });
    expect(judge(policyInvertedAllow, holding("identity", body)).findings[0]?.message).toBe(
      "Statement S of `policy` must not use NotAction with Allow.",
    );
  });

  proveControl(policyInvertedAllow);
});
