import { describe, expect, it } from "vitest";
import {
  accountsOf,
  isEveryone,
  limitsCallers,
  namesEveryone,
  servicesOf,
} from "../../../policy/iam/audience.ts";
import { type FoundStatement, findDocuments } from "../../../policy/iam/documents.ts";
import { holding } from "../support/document-contract.ts";
import { ACCOUNT, document, grant, QUEUE, ROLE, STRANGER } from "../support/documents/row.ts";

/** The first statement of a queue's policy with these statements. */
const first = (...statements: readonly object[]): FoundStatement => {
  const body = document(...statements.map((each) => ({ ...each })));
  const [found] = findDocuments(holding("resource", body), ["resource"]);
  const [statement] = found?.state === "parsed" ? found.statements : [];
  if (statement === undefined) throw new Error("The document has no statement.");
  return statement;
};
const send = (Principal: unknown, Condition: object = {}) =>
  grant(Principal, "sqs:SendMessage", QUEUE, { Condition });
const except = (NotPrincipal: unknown, Condition: object = {}) => ({
  Effect: "Allow",
  NotPrincipal,
  Action: "sqs:SendMessage",
  Resource: QUEUE,
  Condition,
});

describe("isEveryone", () => {
  it.each([
    ["AWS", "*"],
    ["AWS", "**"],
    ["AWS", "??"],
    ["AWS", "arn:aws:iam::*:role/reader"],
    ["AWS", "arn:aws:iam::1111????????:root"],
    ["Service", "*"],
    ["Federated", "*"],
  ] as const)("is true for the %s principal %s", (type, value) => {
    expect(isEveryone({ type, value })).toBe(true);
  });

  it.each([
    ["AWS", ACCOUNT],
    ["AWS", ROLE],
    ["AWS", "a*"],
    ["AWS", "*a"],
    ["AWS", `arn:aws:iam::${ACCOUNT}:role/*`],
    ["Service", "lambda.amazonaws.com"],
    ["Federated", "arn:aws:iam::*:oidc-provider/accounts.google.com"],
    // A canonical user id can't be a wildcard, so IAM matches nobody.
    ["CanonicalUser", "*"],
  ] as const)("is false for the %s principal %s", (type, value) => {
    expect(isEveryone({ type, value })).toBe(false);
  });
});

describe("namesEveryone", () => {
  it("is true when one of the principals is everyone", () => {
    expect(namesEveryone(first(send({ AWS: [ROLE, "*"] })))).toBe(true);
    expect(namesEveryone(first(send({ AWS: ROLE })))).toBe(false);
  });

  it("is false for NotPrincipal and for a statement without principals", () => {
    expect(namesEveryone(first(except("*")))).toBe(false);
    expect(namesEveryone({ principals: undefined })).toBe(false);
  });
});

describe("servicesOf", () => {
  it("returns the service principals", () => {
    const services = ["s3.amazonaws.com", "sns.amazonaws.com"];
    expect(servicesOf(first(send({ AWS: ROLE, Service: services })))).toEqual(services);
  });

  it("returns nothing for NotPrincipal and for a statement without principals", () => {
    expect(servicesOf(first(except({ Service: "s3.amazonaws.com" })))).toEqual([]);
    expect(servicesOf({ principals: undefined })).toEqual([]);
  });
});

describe("limitsCallers", () => {
  const limited = (operator: string, key: string, ...values: string[]) =>
    limitsCallers(first(send("*", { [operator]: { [key]: values } })));

  it.each([
    ["aws:PrincipalAccount", ACCOUNT],
    ["aws:PrincipalArn", ROLE],
    ["aws:PrincipalArn", `arn:aws:iam::${ACCOUNT}:role/*`],
    ["aws:PrincipalOrgID", "o-a1b2c3d4e5"],
    ["aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"],
    ["aws:SourceAccount", ACCOUNT],
    ["aws:SourceArn", "arn:aws:s3:::images"],
    ["aws:SourceArn", "arn:aws:s3:::images/*"],
    ["aws:SourceOrgID", "o-a1b2c3d4e5"],
    ["aws:SourceOrgPaths", "o-a1b2c3d4e5/*"],
    ["aws:SourceOwner", ACCOUNT],
    ["aws:SourceVpc", "vpc-0a1b2c3d"],
    ["aws:SourceVpce", "vpce-0a1b2c3d"],
    ["aws:userid", "AROAEXAMPLE:*"],
    ["aws:userid", "AIDAEXAMPLE"],
    ["aws:userid", ACCOUNT],
    ["kms:CallerAccount", ACCOUNT],
    ["s3:DataAccessPointAccount", ACCOUNT],
    ["s3:DataAccessPointArn", `arn:aws:s3:eu-central-1:${ACCOUNT}:accesspoint/*`],
  ])("is true for a condition on %s with %s", (key, value) => {
    expect(limited("StringLike", key, value)).toBe(true);
  });

  it.each([
    ["aws:PrincipalAccount", "1111*"],
    ["aws:PrincipalArn", "arn:aws:iam::*:role/reader"],
    ["aws:PrincipalArn", "*"],
    ["aws:PrincipalOrgID", "o-*"],
    ["aws:PrincipalOrgID", "*o-a1b2c3d4e5"],
    ["aws:PrincipalOrgID", "o-a1b2c3d4e5*"],
    ["aws:PrincipalOrgID", "o-"],
    ["aws:PrincipalOrgPaths", "o-a1b2c3d4e5*"],
    ["aws:PrincipalOrgPaths", "*/o-a1b2c3d4e5/*"],
    ["aws:SourceArn", "arn:aws:s3:::images-*"],
    ["aws:SourceArn", "arn:aws:s3:::*"],
    ["aws:SourceArn", "arn:aws:s3:::*images"],
    ["aws:SourceArn", "arn:aws:s3:::/images"],
    ["aws:SourceArn", `arn:aws:s3:::\${aws:username}`],
    ["aws:SourceArn", `arn:aws:sns:\${aws:RequestedRegion}:${ACCOUNT}:notices`],
    ["aws:SourceArn", "arn:aws:sns:eu-central-1::notices"],
    ["aws:SourceVpc", "vpc-*"],
    ["aws:SourceVpce", `\${aws:SourceVpce}`],
    // Every role's id begins with AROA.
    ["aws:userid", "AROA*"],
    ["aws:userid", "AROAEXAMPL?"],
    ["aws:userid", "*:session"],
    ["aws:userid", "*AROAEXAMPLE"],
    ["aws:userid", "AR"],
    ["aws:Referer", "https://example.com/"],
  ])("is false for a condition on %s with %s", (key, value) => {
    expect(limited("StringLike", key, value)).toBe(false);
  });

  it.each([
    ["10.0.0.0/8", true],
    ["10.0.0.0/7", false],
    ["192.0.2.7", true],
    ["2001:db8::/32", true],
    ["2001:db8::/31", false],
    ["2001:db8::1", true],
    ["0.0.0.0/0", false],
  ])("judges the range %s: %s", (range, expected) => {
    expect(limited("IpAddress", "aws:SourceIp", range)).toBe(expected);
  });

  it("is false when one of the values is too broad", () => {
    expect(limited("StringLike", "aws:SourceAccount", ACCOUNT, STRANGER)).toBe(true);
    expect(limited("StringLike", "aws:SourceAccount", ACCOUNT, "*")).toBe(false);
  });

  describe("with a Deny in the same document", () => {
    const outside = { StringNotEquals: { "aws:SourceAccount": ACCOUNT } };
    const withDeny = (Condition: object, elements: object = {}) =>
      limitsCallers(first(send("*"), { ...send("*", Condition), Sid: "D", Effect: "Deny", ...elements }));

    it.each([
      [outside],
      [{ StringNotEqualsIfExists: { "aws:SourceAccount": ACCOUNT } }],
      [{ StringNotEquals: { "aws:SourceAccount": [ACCOUNT, STRANGER] } }],
      [{ ...outside, Bool: { "aws:PrincipalIsAWSService": "false" } }],
    ])("is true for the condition %j", (Condition) => {
      expect(withDeny(Condition)).toBe(true);
    });

    it.each([
      ["no condition", {}],
      ["an operator that is not negated", { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
      ["another key", { StringNotEquals: { "aws:Referer": "https://example.com/" } }],
      ["a broad value", { StringNotLike: { "aws:SourceAccount": "1*" } }],
      ["one broad value", { StringNotLike: { "aws:SourceAccount": [ACCOUNT, "1*"] } }],
      ["a quantifier", { "ForAllValues:StringNotEquals": { "aws:SourceAccount": ACCOUNT } }],
      ["two conditions", { ...outside, StringNotLike: { "aws:SourceVpc": "vpc-0a1b2c3d" } }],
      ["a further condition", { ...outside, Bool: { "aws:SecureTransport": "false" } }],
      ["a condition for AWS services", { ...outside, Bool: { "aws:PrincipalIsAWSService": "true" } }],
      [
        "another operator for AWS services",
        { ...outside, StringEquals: { "aws:PrincipalIsAWSService": "false" } },
      ],
      ["only an exception for AWS services", { Bool: { "aws:PrincipalIsAWSService": "false" } }],
    ])("is false for a Deny with %s", (_, Condition) => {
      expect(withDeny(Condition)).toBe(false);
    });

    it("is false for an Allow, for other principals and for other actions", () => {
      expect(withDeny(outside, { Effect: "Allow" })).toBe(false);
      expect(withDeny(outside, { Principal: { AWS: ROLE } })).toBe(false);
      expect(withDeny(outside, { Action: "sqs:ReceiveMessage" })).toBe(false);
      expect(withDeny(outside, { Resource: `${QUEUE}-2` })).toBe(false);
    });
  });
});

describe("accountsOf", () => {
  it("returns each account among the AWS principals once", () => {
    const statement = first(send({ AWS: [ACCOUNT, ROLE, `arn:aws:iam::${STRANGER}:root`] }));
    expect(accountsOf(statement)).toEqual([ACCOUNT, STRANGER]);
  });

  it("ignores other principals", () => {
    const provider = `arn:aws:iam::${STRANGER}:oidc-provider/accounts.google.com`;
    expect(accountsOf(first(send({ Federated: provider, CanonicalUser: STRANGER })))).toEqual([]);
    expect(accountsOf({ principals: undefined, conditions: [] })).toEqual([]);
  });

  it.each([
    ["aws:PrincipalAccount", ACCOUNT],
    ["aws:PrincipalArn", ROLE],
    ["aws:SourceAccount", ACCOUNT],
    ["aws:SourceArn", QUEUE],
    ["aws:SourceOwner", ACCOUNT],
    ["kms:CallerAccount", ACCOUNT],
    ["s3:DataAccessPointAccount", ACCOUNT],
    ["s3:DataAccessPointArn", `arn:aws:s3:eu-central-1:${ACCOUNT}:accesspoint/images`],
  ])("includes the account in a condition on %s", (key, value) => {
    expect(accountsOf(first(send("*", { StringEquals: { [key]: value } })))).toEqual([ACCOUNT]);
  });

  it("ignores conditions that do not limit access, and keys without an account", () => {
    expect(accountsOf(first(send("*", { StringNotEquals: { "aws:SourceAccount": ACCOUNT } })))).toEqual([]);
    expect(accountsOf(first(send("*", { StringEquals: { "aws:userid": ACCOUNT } })))).toEqual([]);
  });
});
