import { describe, expect, it } from "vitest";
import { policyCrossAccount } from "../../../../policy/controls/policy/cross-account.ts";
import {
  ACCOUNT,
  document,
  grant,
  OBJECTS,
  QUEUE,
  ROLE,
  STRANGER,
  TOPIC,
  trust,
} from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const text = (...statements: object[]) =>
  JSON.stringify(document(...statements.map((each) => ({ ...each }))));
const bucketPolicy = (statement: object, graph: object = {}) =>
  resource({
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "policy",
    props: { policy: text(statement) },
    ...graph,
  });
const own = resource({ type: "aws:sqs/queue:Queue", name: "queue", props: { arn: QUEUE } });
const found = (statement: object, settings: object = {}) =>
  findingsOf(judge(policyCrossAccount, [own, bucketPolicy(statement)], { settings }));
const reader = (account: string) =>
  grant({ AWS: `arn:aws:iam::${account}:role/reader` }, "s3:GetObject", OBJECTS);

describe("POL-003 policy-cross-account", () => {
  it("accepts the stack's own account, read from its resources' ARNs", () => {
    expect(found(reader(ACCOUNT))).toEqual([]);
  });

  it("reports another account, and accepts it when the config allows it", () => {
    expect(found(reader(STRANGER))).toEqual(["policy Account::S"]);
    expect(found(reader(STRANGER), { allowedAccounts: [STRANGER] })).toEqual([]);
    expect(found(reader(STRANGER), { allowedAccounts: ["123412341234"] })).toHaveLength(1);
  });

  it.each([
    ["named by id", { AWS: STRANGER }, {}],
    ["named by root ARN", { AWS: `arn:aws:iam::${STRANGER}:root` }, {}],
    ["named by a session ARN", { AWS: `arn:aws:sts::${STRANGER}:assumed-role/reader/session` }, {}],
    ["in a list", { AWS: [ROLE, STRANGER] }, {}],
    ["in a condition on aws:PrincipalAccount", "*", { StringEquals: { "aws:PrincipalAccount": STRANGER } }],
    [
      "in a condition on aws:PrincipalArn",
      "*",
      { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${STRANGER}:role/*` } },
    ],
    [
      "as the source of a service",
      { Service: "sns.amazonaws.com" },
      { StringEquals: { "aws:SourceAccount": STRANGER } },
    ],
    [
      "as the owner of a service's source",
      { Service: "sns.amazonaws.com" },
      { ArnEquals: { "aws:SourceArn": TOPIC.replace(ACCOUNT, STRANGER) } },
    ],
  ])("reports another account %s", (_, principal, Condition) => {
    expect(found(grant(principal, "s3:GetObject", OBJECTS, { Condition }))).toEqual(["policy Account::S"]);
  });

  it.each([
    ["a service", { Service: "s3.amazonaws.com" }, {}],
    [
      "a CloudFront origin access identity",
      { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" },
      {},
    ],
    ["the id of a deleted role", { AWS: "AROAEXAMPLE" }, {}],
    ["an account that is excluded", { AWS: ROLE }, { StringNotEquals: { "aws:PrincipalAccount": STRANGER } }],
  ])("accepts %s", (_, principal, Condition) => {
    expect(found(grant(principal, "s3:GetObject", OBJECTS, { Condition }))).toEqual([]);
  });

  it("ignores Deny", () => {
    expect(found({ ...reader(STRANGER), Effect: "Deny" })).toEqual([]);
  });

  it("judges trust policies and key policies", () => {
    const role = resource({
      type: "aws:iam/role:Role",
      name: "role",
      props: { assumeRolePolicy: text(trust({ AWS: STRANGER })) },
    });
    const key = resource({
      type: "aws:kms/key:Key",
      name: "key",
      props: { policy: text(grant({ AWS: STRANGER }, "kms:Decrypt", "*")) },
    });
    expect(findingsOf(judge(policyCrossAccount, [own, role, key]))).toEqual([
      "role Account::S",
      "key Account::S",
    ]);
  });

  describe("at a first preview, when no ARN is known", () => {
    const queuePolicy = resource({
      type: "aws:sqs/queuePolicy:QueuePolicy",
      name: "queue-policy",
      props: { policy: text(grant({ AWS: ROLE }, "sqs:SendMessage", QUEUE)) },
    });
    const key = resource({
      type: "aws:kms/key:Key",
      name: "key",
      props: { arn: UNKNOWN, policy: text(grant({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*")) },
    });

    it.each([
      ["a policy that names its own queue", queuePolicy],
      ["a key policy that grants its administration", key],
    ])("reads the stack's account from %s", (_, teller) => {
      expect(findingsOf(judge(policyCrossAccount, [teller, bucketPolicy(reader(STRANGER))]))).toEqual([
        "policy Account::S",
      ]);
      expect(findingsOf(judge(policyCrossAccount, [teller, bucketPolicy(reader(ACCOUNT))]))).toEqual([]);
    });

    it("does not judge while the stack's account is unknown", () => {
      expect(judge(policyCrossAccount, [bucketPolicy(reader(STRANGER))])).toMatchObject({
        outcome: "not judged",
        notJudged: [{ path: "policy S", resource: { name: "policy" } }],
      });
    });
  });

  it("does not judge an unknown document, and ignores one that AWS fills in", () => {
    const queue = (graph: object) =>
      resource({
        type: "aws:sqs/queue:Queue",
        name: "queue",
        props: { arn: QUEUE, policy: UNKNOWN },
        ...graph,
      });
    const given = queue({ propertyDependencies: { policy: [own] } });
    expect(judge(policyCrossAccount, [given])).toMatchObject({ notJudged: [{ path: "policy" }] });
    expect(judge(policyCrossAccount, [queue({ propertyDependencies: { name: [] } })]).outcome).toBe(
      "compliant",
    );
  });

  it("does not print the account in its message", () => {
    const [finding] = judge(policyCrossAccount, [own, bucketPolicy(reader(STRANGER))]).findings;
    expect(finding?.message).toBe(
      "Statement S of `policy` must not grant access to an account that is neither the stack's own nor allowed.",
    );
  });

  it("does not apply to a stack without such documents", () => {
    expect(judge(policyCrossAccount, [resource({ type: "aws:lambda/function:Function" })]).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(policyCrossAccount);
});
