import { describe, expect, it } from "vitest";
import { s3BucketTlsOnly } from "../../../../policy/controls/s3/bucket-tls-only.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:s3:::images";
const DENY = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const documentOf = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const bucket = (props: object = { bucket: "images" }, type = "aws:s3/bucket:Bucket") =>
  resource({ type, name: "images", props });
const policy = (document: string, of: unknown = "images", propertyDependencies = {}) =>
  resource({
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "policy",
    props: { bucket: of, policy: document },
    propertyDependencies,
  });
const judgeDocument = (...statements: object[]) =>
  judge(s3BucketTlsOnly, [bucket(), policy(documentOf(...statements))]);

describe("S3-003 s3-bucket-tls-only", () => {
  it.each([
    ["requests on the bucket and its objects", DENY],
    ["requests on everything with the name's prefix", { ...DENY, Resource: `${ARN}*` }],
    ["everything", { ...DENY, Resource: "*" }],
    ["requests of every AWS principal", { ...DENY, Principal: { AWS: "*" } }],
    ["any action", { ...DENY, Action: "*" }],
    ["any action, in mixed case", { ...DENY, Action: ["S3:*"] }],
    [
      "requests, with a boolean in the condition",
      { ...DENY, Condition: { Bool: { "AWS:securetransport": false } } },
    ],
    [
      "requests, with BoolIfExists in the condition",
      { ...DENY, Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } },
    ],
    [
      "requests in another partition",
      { ...DENY, Resource: ["arn:aws-cn:s3:::images", "arn:aws-cn:s3:::images/*"] },
    ],
  ])("accepts a denial of %s", (_, statement) => {
    expect(judgeDocument(statement).outcome).toBe("compliant");
  });

  it("accepts one statement for the bucket and another for its objects", () => {
    const verdict = judgeDocument({ ...DENY, Resource: ARN }, { ...DENY, Resource: `${ARN}/*` });
    expect(verdict.outcome).toBe("compliant");
  });

  it("accepts an inline policy of both bucket types", () => {
    const props = { bucket: "images", policy: documentOf(DENY) };
    for (const type of ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]) {
      expect(judge(s3BucketTlsOnly, [bucket(props, type)]).outcome).toBe("compliant");
    }
  });

  const BOTH = ["images Transport::bucket", "images Transport::objects"];
  it.each([
    ["for the bucket only", { ...DENY, Resource: ARN }, ["images Transport::objects"]],
    ["for the objects only", { ...DENY, Resource: `${ARN}/*` }, ["images Transport::bucket"]],
    ["for some objects", { ...DENY, Resource: [ARN, `${ARN}/private/*`] }, ["images Transport::objects"]],
    ["of another bucket", { ...DENY, Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"] }, BOTH],
    ["of another service", { ...DENY, Resource: ["arn:aws:sqs:::images", "arn:aws:sqs:::images/*"] }, BOTH],
    ["without resources", { ...DENY, Resource: undefined }, BOTH],
    ["of all but some resources", { ...DENY, Resource: undefined, NotResource: "arn:aws:s3:::logs" }, BOTH],
    ["of read actions only", { ...DENY, Action: ["s3:GetObject"] }, BOTH],
    ["of all but some actions", { ...DENY, Action: undefined, NotAction: "s3:GetObject" }, BOTH],
    ["for one account", { ...DENY, Principal: { AWS: "111122223333" } }, BOTH],
    ["for services", { ...DENY, Principal: { Service: "*" } }, BOTH],
    [
      "for all but one principal",
      { ...DENY, Principal: undefined, NotPrincipal: { AWS: "111122223333" } },
      BOTH,
    ],
    ["of requests over TLS", { ...DENY, Condition: { Bool: { "aws:SecureTransport": "true" } } }, BOTH],
    [
      "with a second condition",
      {
        ...DENY,
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringEquals: { "aws:PrincipalAccount": "111122223333" },
        },
      },
      BOTH,
    ],
    ["with another condition", { ...DENY, Condition: { Bool: { "aws:ViaAWSService": "false" } } }, BOTH],
    ["that is an Allow", { ...DENY, Effect: "Allow" }, BOTH],
  ])("reports a policy with a denial %s", (_, statement, findings) => {
    expect(findingsOf(judgeDocument(statement))).toEqual(findings);
  });

  it("reports a bucket without a policy", () => {
    expect(findingsOf(judge(s3BucketTlsOnly, [bucket()]))).toEqual(["images Transport::policy-missing"]);
  });

  it("reports a bucket without a policy at preview, even if AWS will fill in the property", () => {
    const props = { bucket: "images", policy: UNKNOWN };
    expect(findingsOf(judge(s3BucketTlsOnly, [bucket(props)]))).toEqual(["images Transport::policy-missing"]);
  });

  it("reports a bucket when the only policy belongs to another bucket", () => {
    const verdict = judge(s3BucketTlsOnly, [bucket(), policy(documentOf(DENY), "logs")]);
    expect(findingsOf(verdict)).toEqual(["images Transport::policy-missing"]);
  });

  it("does not judge an unknown document", () => {
    expect(judge(s3BucketTlsOnly, [bucket(), policy(UNKNOWN)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: "policy.policy", resource: { name: "images" } }],
    });
  });

  it("does not judge a document with an unknown statement, unless another statement denies plain HTTP", () => {
    const unknown = { ...DENY, Resource: UNKNOWN };
    const judgeStatements = (...Statement: object[]) => {
      const props = { bucket: "images", policy: { Statement } };
      const type = "aws:s3/bucketPolicy:BucketPolicy";
      return judge(s3BucketTlsOnly, [bucket(), resource({ type, name: "policy", props })]).outcome;
    };
    expect(judgeStatements(unknown)).toBe("not judged");
    expect(judgeStatements(unknown, DENY)).toBe("compliant");
  });

  it("does not judge a bucket with an unknown name, unless the policy covers all resources", () => {
    const images = bucket({ bucket: UNKNOWN });
    const of = { bucket: [images] };
    expect(judge(s3BucketTlsOnly, [images, policy(documentOf(DENY), UNKNOWN, of)]).outcome).toBe(
      "not judged",
    );
    const all = documentOf({ ...DENY, Resource: "*" });
    expect(judge(s3BucketTlsOnly, [images, policy(all, UNKNOWN, of)]).outcome).toBe("compliant");
  });

  it("does not judge a malformed document, which IAM-001 reports", () => {
    expect(judge(s3BucketTlsOnly, [bucket(), policy("{")])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "malformed" }],
    });
  });

  it("does not apply to a stack without buckets", () => {
    expect(judge(s3BucketTlsOnly, [policy(documentOf(DENY))]).outcome).toBe("not applicable");
  });

  proveControl(s3BucketTlsOnly);
});
