import { describe, expect, it } from "vitest";
import { policyAnyPrincipal } from "../../../../policy/controls/policy/any-principal.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import {
  ACCOUNT,
  BUCKET,
  document,
  grant,
  OBJECTS,
  QUEUE,
  ROLE,
  TOPIC,
} from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (principal: unknown, Condition?: object) =>
  keysIn(
    policyAnyPrincipal,
    "resource",
    grant(principal, "sqs:SendMessage", QUEUE, Condition === undefined ? {} : { Condition }),
  );

describe("POL-002 policy-any-principal", () => {
  itJudgesDocuments(policyAnyPrincipal, "resource", grant("*", "sqs:SendMessage", QUEUE));
  itJudgesDocuments(policyAnyPrincipal, "key", grant("*", "kms:Decrypt", "*"));

  it.each([
    ["*"],
    [{ AWS: "*" }],
    [{ AWS: [ROLE, "*"] }],
    [{ Service: "*" }],
    [{ AWS: "arn:aws:iam::*:role/reader" }],
  ])("reports the principal %j", (principal) => {
    expect(keys(principal)).toEqual(["Principal::S"]);
  });

  it.each([
    [{ AWS: ROLE }],
    [{ AWS: ACCOUNT }],
    [{ Service: "s3.amazonaws.com" }],
    [{ CanonicalUser: "79a59df900b949e5" }],
  ])("accepts the principal %j", (principal) => {
    expect(keys(principal)).toEqual([]);
  });

  it.each([
    [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    [{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }],
    [{ StringEquals: { "aws:PrincipalAccount": [ACCOUNT] } }],
    [{ StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    [{ StringEquals: { "AWS:SourceOwner": ACCOUNT } }],
    [{ ArnEquals: { "aws:SourceArn": TOPIC } }],
    [{ ArnEquals: { "aws:SourceArn": BUCKET } }],
    [{ StringEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } }],
    [{ StringEquals: { "aws:SourceVpce": "vpce-0a1b2c3d" } }],
    [{ IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"] } }],
    [{ StringLike: { "aws:userid": "AROAEXAMPLE:*" } }],
    [{ StringEquals: { "kms:CallerAccount": ACCOUNT } }],
  ])("accepts everyone with %j", (Condition) => {
    expect(keys("*", Condition)).toEqual([]);
  });

  it.each([
    [{ Bool: { "aws:SecureTransport": "true" } }],
    [{ StringLike: { "aws:Referer": "https://example.com/*" } }],
    [{ StringEquals: { "sts:ExternalId": "b8f1" } }],
    [{ StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } }],
    [{ StringLike: { "aws:PrincipalOrgID": "*" } }],
    [{ StringLike: { "aws:SourceAccount": "1111*" } }],
    [{ StringEquals: { "aws:SourceAccount": [ACCOUNT, "*"] } }],
    [{ StringEquals: { "aws:SourceAccount": `\${aws:PrincipalAccount}` } }],
    [{ StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } }],
    [{ "ForAllValues:StringEquals": { "aws:SourceAccount": ACCOUNT } }],
    [{ StringNotEquals: { "aws:SourceAccount": ACCOUNT } }],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:notices" } }],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::images-*" } }],
    [{ StringLike: { "aws:SourceVpce": "vpce-*" } }],
    [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
    [{ IpAddress: { "aws:SourceIp": "128.0.0.0/1" } }],
    [{ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }],
  ])("reports everyone with the condition %j", (Condition) => {
    expect(keys("*", Condition)).toEqual(["Principal::S"]);
  });

  describe("with a Deny for all others", () => {
    const open = grant("*", "s3:GetObject", OBJECTS);
    const withDeny = (Condition: object, elements: object = {}) =>
      keysIn(policyAnyPrincipal, "resource", open, {
        Sid: "D",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [BUCKET, OBJECTS],
        Condition,
        ...elements,
      });
    const outside = { StringNotEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } };

    it.each([
      [outside],
      [{ StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
      [{ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }],
      [{ ...outside, BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }],
    ])("accepts everyone with %j", (Condition) => {
      expect(withDeny(Condition)).toEqual([]);
    });

    it.each([
      ["requests on other objects", outside, { Resource: `${BUCKET}/private/*` }],
      ["other actions", outside, { Action: "s3:PutObject" }],
      ["only one role", outside, { Principal: { AWS: ROLE } }],
      [
        "requests on all but some objects",
        outside,
        { Resource: undefined, NotResource: `${BUCKET}/public/*` },
      ],
      ["requests under a further condition", { ...outside, Bool: { "aws:SecureTransport": "false" } }, {}],
      ["only AWS services", { ...outside, Bool: { "aws:PrincipalIsAWSService": "true" } }, {}],
      ["nobody in effect", { StringNotLike: { "aws:SourceVpce": "*" } }, {}],
      ["requests without TLS", { Bool: { "aws:SecureTransport": "false" } }, {}],
    ])("reports everyone when a Deny covers only %s", (_, Condition, elements) => {
      expect(withDeny(Condition, elements)).toEqual(["Principal::S"]);
    });
  });

  it("ignores NotPrincipal, which POL-001 reports", () => {
    const statement = {
      Effect: "Allow",
      NotPrincipal: { AWS: ROLE },
      Action: "s3:GetObject",
      Resource: OBJECTS,
    };
    expect(keysIn(policyAnyPrincipal, "resource", statement)).toEqual([]);
  });

  it("names the statement in its message", () => {
    const body = document(grant("*", "sqs:SendMessage", QUEUE));
    expect(judge(policyAnyPrincipal, holding("resource", body)).findings[0]?.message).toBe(
      "Statement S of `policy` must not grant access to everyone.",
    );
  });

  proveControl(policyAnyPrincipal);
});
