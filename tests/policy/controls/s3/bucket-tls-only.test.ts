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
    ["the bucket and its objects", DENY],
    ["everything by the name's prefix", { ...DENY, Resource: `${ARN}*` }],
    ["everything", { ...DENY, Resource: "*" }],
    ["every principal of AWS", { ...DENY, Principal: { AWS: "*" } }],
    ["any action", { ...DENY, Action: "*" }],
    ["any action, in any case", { ...DENY, Action: ["S3:*"] }],
    ["TLS as a boolean", { ...DENY, Condition: { Bool: { "AWS:securetransport": false } } }],
    [
      "TLS if it is told at all",
      { ...DENY, Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } },
    ],
    ["another partition", { ...DENY, Resource: ["arn:aws-cn:s3:::images", "arn:aws-cn:s3:::images/*"] }],
  ])("accepts a denial of %s", (_, statement) => {
    expect(judgeDocument(statement).outcome).toBe("compliant");
  });

  it("accepts one statement for the bucket and another for its objects", () => {
    const verdict = judgeDocument({ ...DENY, Resource: ARN }, { ...DENY, Resource: `${ARN}/*` });
    expect(verdict.outcome).toBe("compliant");
  });

  it("accepts a policy in line, and one of the older bucket", () => {
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
    ["of nothing in particular", { ...DENY, Resource: undefined }, BOTH],
    ["of all but", { ...DENY, Resource: undefined, NotResource: "arn:aws:s3:::logs" }, BOTH],
    ["of reading only", { ...DENY, Action: ["s3:GetObject"] }, BOTH],
    ["of all actions but", { ...DENY, Action: undefined, NotAction: "s3:GetObject" }, BOTH],
    ["for one account", { ...DENY, Principal: { AWS: "111122223333" } }, BOTH],
    ["for services", { ...DENY, Principal: { Service: "*" } }, BOTH],
    ["for all but one", { ...DENY, Principal: undefined, NotPrincipal: { AWS: "111122223333" } }, BOTH],
    ["of TLS itself", { ...DENY, Condition: { Bool: { "aws:SecureTransport": "true" } } }, BOTH],
    [
      "of plain HTTP under a second condition",
      {
        ...DENY,
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringEquals: { "aws:PrincipalAccount": "111122223333" },
        },
      },
      BOTH,
    ],
    ["under another condition", { ...DENY, Condition: { Bool: { "aws:ViaAWSService": "false" } } }, BOTH],
    ["that allows", { ...DENY, Effect: "Allow" }, BOTH],
  ])("refuses a policy with a denial %s", (_, statement, findings) => {
    expect(findingsOf(judgeDocument(statement))).toEqual(findings);
  });

  it("refuses a bucket without a policy", () => {
    expect(findingsOf(judge(s3BucketTlsOnly, [bucket()]))).toEqual(["images Transport::policy-missing"]);
  });

  it("refuses it at preview as well, where AWS has yet to fill in the bucket's own policy", () => {
    const props = { bucket: "images", policy: UNKNOWN };
    expect(findingsOf(judge(s3BucketTlsOnly, [bucket(props)]))).toEqual(["images Transport::policy-missing"]);
  });

  it("does not count the policy of another bucket", () => {
    const verdict = judge(s3BucketTlsOnly, [bucket(), policy(documentOf(DENY), "logs")]);
    expect(findingsOf(verdict)).toEqual(["images Transport::policy-missing"]);
  });

  it("does not judge an unknown document", () => {
    expect(judge(s3BucketTlsOnly, [bucket(), policy(UNKNOWN)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: "policy.policy", resource: { name: "images" } }],
    });
  });

  it("does not judge a document with an unknown statement that may be the one, unless another is", () => {
    const unknown = { ...DENY, Resource: UNKNOWN };
    const judgeStatements = (...Statement: object[]) => {
      const props = { bucket: "images", policy: { Statement } };
      const type = "aws:s3/bucketPolicy:BucketPolicy";
      return judge(s3BucketTlsOnly, [bucket(), resource({ type, name: "policy", props })]).outcome;
    };
    expect(judgeStatements(unknown)).toBe("not judged");
    expect(judgeStatements(unknown, DENY)).toBe("compliant");
  });

  it("does not judge a bucket of unknown name by a policy that names one, but does by one that names none", () => {
    const images = bucket({ bucket: UNKNOWN });
    const of = { bucket: [images] };
    expect(judge(s3BucketTlsOnly, [images, policy(documentOf(DENY), UNKNOWN, of)]).outcome).toBe(
      "not judged",
    );
    const all = documentOf({ ...DENY, Resource: "*" });
    expect(judge(s3BucketTlsOnly, [images, policy(all, UNKNOWN, of)]).outcome).toBe("compliant");
  });

  it("leaves a malformed document to IAM-001", () => {
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
