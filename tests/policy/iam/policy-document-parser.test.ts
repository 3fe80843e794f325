import { describe, expect, it } from "vitest";
import { type DocumentKind, MalformedDocument } from "../../../policy/iam/policy-document.ts";
import { parsePolicyDocument } from "../../../policy/iam/policy-document-parser.ts";
import { UNKNOWN } from "../support/subject.ts";

const READ = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::images/*" };
const TRUST = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };

const problemsOf = (source: unknown, kind: DocumentKind = "identity"): readonly string[] => {
  try {
    parsePolicyDocument(source, kind);
    return [];
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    return error.problems.map(({ path, expected }) => `${path}: ${expected}`);
  }
};

describe("parsePolicyDocument", () => {
  it("normalizes single items and lists, JSON text and objects", () => {
    const expected = {
      kind: "identity",
      statements: [
        {
          label: "#0",
          effect: "Allow",
          actions: { negated: false, patterns: ["s3:GetObject"] },
          resources: { negated: false, patterns: ["arn:aws:s3:::images/*"] },
          principals: undefined,
          conditions: [],
        },
      ],
      unknownStatements: [],
    };
    const list = { ...READ, Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::images/*"] };
    for (const [document, version] of [
      [{ Statement: READ }, "2008-10-17"],
      [{ Version: "2012-10-17", Statement: [list] }, "2012-10-17"],
    ] as const) {
      expect(parsePolicyDocument(document, "identity")).toEqual({ ...expected, version });
      expect(parsePolicyDocument(JSON.stringify(document), "identity")).toEqual({ ...expected, version });
    }
  });

  it.each([
    ["*", [{ type: "AWS", value: "*" }]],
    [{ AWS: "*" }, [{ type: "AWS", value: "*" }]],
    [
      { Service: ["s3.amazonaws.com", "sns.amazonaws.com"], AWS: "111122223333" },
      [
        { type: "AWS", value: "111122223333" },
        { type: "Service", value: "s3.amazonaws.com" },
        { type: "Service", value: "sns.amazonaws.com" },
      ],
    ],
  ])("reads the principal %j", (Principal, principals) => {
    const document = parsePolicyDocument({ Statement: { ...TRUST, Principal } }, "trust");
    expect(document.statements[0]?.principals).toEqual({ negated: false, principals });
  });

  it("reads NotAction, NotResource and NotPrincipal as negated", () => {
    const Statement = {
      Effect: "Deny",
      NotAction: "iam:*",
      NotResource: "*",
      NotPrincipal: "*",
      Sid: "Fence",
    };
    expect(parsePolicyDocument({ Statement }, "resource").statements).toMatchObject([
      {
        label: "Fence",
        effect: "Deny",
        actions: { negated: true, patterns: ["iam:*"] },
        resources: { negated: true, patterns: ["*"] },
        principals: { negated: true, principals: [{ type: "AWS", value: "*" }] },
      },
    ]);
  });

  it("reads conditions with every kind of value", () => {
    const Condition = {
      Bool: { "aws:SecureTransport": false },
      NumericLessThan: { "s3:TlsVersion": 1.2 },
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a/*", "o-b/*"] },
    };
    const [statement] = parsePolicyDocument({ Statement: { ...READ, Condition } }, "identity").statements;
    expect(statement?.conditions.map(({ operator, key, values }) => [operator, key, values])).toEqual([
      ["Bool", "aws:securetransport", ["false"]],
      ["NumericLessThan", "s3:tlsversion", ["1.2"]],
      ["StringLike", "aws:principalorgpaths", ["o-a/*", "o-b/*"]],
    ]);
  });

  it("separates statements with an unknown value, alone or inside a longer text", () => {
    const document = {
      Statement: [
        { ...READ, Resource: UNKNOWN },
        { ...READ, Resource: [`arn:aws:s3:::${UNKNOWN}/*`] },
        { ...READ, Condition: { StringEquals: { "aws:SourceArn": UNKNOWN } } },
        READ,
      ],
    };
    const { statements, unknownStatements } = parsePolicyDocument(document, "identity");
    expect(unknownStatements).toEqual(["#0", "#1", "#2"]);
    expect(statements.map(({ label }) => label)).toEqual(["#3"]);
  });

  it.each<[string, unknown, DocumentKind, string]>([
    ["text that is not JSON", "nonsense", "identity", ": must be valid JSON"],
    ["a list", [], "identity", ": must be an object with a Statement"],
    ["an unknown element", { Statement: READ, Statment: [] }, "identity", ": must not have Statment"],
    [
      "an unknown version",
      { Version: "2020-01-01", Statement: READ },
      "identity",
      "Version: must be 2012-10-17 or 2008-10-17",
    ],
    [
      "a lower-case effect",
      { Statement: { ...READ, Effect: "allow" } },
      "identity",
      "Statement[0].Effect: must be Allow or Deny",
    ],
    [
      "an unknown statement element",
      { Statement: { ...READ, Resources: "*" } },
      "identity",
      "Statement[0]: must not have Resources",
    ],
    [
      "an action without service",
      { Statement: { ...READ, Action: "GetObject" } },
      "identity",
      "Statement[0].Action: must be a string or a non-empty list of strings",
    ],
    [
      "both Action and NotAction",
      { Statement: { ...READ, NotAction: "s3:*" } },
      "identity",
      "Statement[0]: must have either Action or NotAction",
    ],
    [
      "a missing Resource",
      { Statement: { ...READ, Resource: undefined } },
      "identity",
      "Statement[0]: must have either Resource or NotResource",
    ],
    [
      "a resource that is not an ARN",
      { Statement: { ...READ, Resource: ["*", "images"] } },
      "identity",
      "Statement[0].Resource[1]: must be `*` or an ARN",
    ],
    [
      "a Principal in an identity policy",
      { Statement: { ...READ, Principal: "*" } },
      "identity",
      "Statement[0]: must not have a Principal: an identity policy always concerns its own identity",
    ],
    [
      "a resource policy without a Principal",
      { Statement: READ },
      "resource",
      "Statement[0]: must have either Principal or NotPrincipal",
    ],
    [
      "a Resource in a trust policy",
      { Statement: { ...TRUST, Resource: "*" } },
      "trust",
      "Statement[0]: must not have a Resource: a trust policy always concerns its own role",
    ],
    [
      "an unknown operator",
      { Statement: { ...READ, Condition: { StringIs: { a: "b" } } } },
      "identity",
      "Statement[0].Condition.StringIs: must be an IAM condition operator",
    ],
  ])("rejects %s", (_, source, kind, problem) => {
    expect(problemsOf(source, kind)).toEqual([problem]);
  });

  it("lists every problem of every statement", () => {
    const Statement = [{ ...READ, Effect: "No" }, READ, { ...READ, Action: [] }];
    expect(problemsOf({ Statement })).toHaveLength(2);
  });
});
