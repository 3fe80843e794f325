import { describe, expect, it } from "vitest";
import type { DocumentKind } from "../../../policy/iam/policy-document.ts";
import { statementSchema } from "../../../policy/iam/policy-document-schema.ts";
import { statementProblems } from "../../../policy/iam/statement-problems.ts";

const problemsOf = (statement: object, kind: DocumentKind, sids = new Set<string>()): readonly string[] =>
  statementProblems(statementSchema.parse({ Effect: "Allow", ...statement }), kind, sids, "Statement[0]").map(
    ({ path, expected }) => `${path} ${expected}`,
  );

const sending = (Principal: unknown) => problemsOf({ Action: "sqs:SendMessage", Principal }, "resource");
const ACCOUNT = "111122223333";
const READ = { Action: "s3:GetObject", Resource: "*" };
const SEND = { Action: "sqs:SendMessage", Principal: "*" };
const ASSUME = { Action: "sts:AssumeRole", Principal: "*" };

const PARTIAL = "Statement[0].Principal must not use a wildcard for a part of a principal";
const SERVICE = "Statement[0].Principal must use service names such as lambda.amazonaws.com";

describe("the elements of a statement", () => {
  it.each<[string, DocumentKind, object]>([
    ["an action and a resource", "identity", READ],
    ["NotAction and NotResource", "identity", { NotAction: "s3:*", NotResource: "*" }],
    ["a principal", "resource", SEND],
    ["a principal and a resource", "resource", { ...SEND, Resource: "*" }],
    ["NotPrincipal", "resource", { Action: "sqs:*", NotPrincipal: "*", Resource: "*" }],
    ["a principal", "key", { Action: "kms:Decrypt", Principal: "*", Resource: "*" }],
    ["a principal", "trust", ASSUME],
  ])("may be %s in a document of the kind %s", (_, kind, statement) => {
    expect(problemsOf(statement, kind)).toEqual([]);
  });

  it.each<[string, DocumentKind, object, string]>([
    ["no action", "identity", { Resource: "*" }, "must have either Action or NotAction"],
    ["both actions", "identity", { ...READ, NotAction: "s3:*" }, "must have either Action or NotAction"],
    ["no resource", "identity", { Action: "s3:*" }, "must have either Resource or NotResource"],
    ["both resources", "resource", { ...SEND, Resource: "*", NotResource: "*" }, "must not have both"],
    ["no principal", "resource", { Action: "sqs:*" }, "must have either Principal or NotPrincipal"],
    ["no principal", "key", { Action: "kms:*" }, "must have either Principal or NotPrincipal"],
    ["no principal", "trust", { Action: "sts:AssumeRole" }, "must have either Principal or NotPrincipal"],
    ["both principals", "resource", { ...SEND, NotPrincipal: "*" }, "must have either Principal"],
    ["a principal", "identity", { ...READ, Principal: "*" }, "must not have a Principal"],
    ["NotPrincipal", "identity", { ...READ, NotPrincipal: "*" }, "must not have a Principal"],
    ["a resource", "trust", { ...ASSUME, Resource: "*" }, "must not have a Resource"],
    ["NotResource", "trust", { ...ASSUME, NotResource: "*" }, "must not have a Resource"],
  ])("must not be %s in a document of the kind %s", (_, kind, statement, problem) => {
    expect(problemsOf(statement, kind)).toEqual([expect.stringContaining(`Statement[0] ${problem}`)]);
  });

  it("must not be both kinds of resources in an identity policy", () => {
    expect(problemsOf({ ...READ, NotResource: "*" }, "identity")).toEqual([
      "Statement[0] must have either Resource or NotResource",
      "Statement[0] must not have both Resource and NotResource",
    ]);
  });
});

describe("the resources of an identity policy", () => {
  it.each(["*", "**", "arn:aws:s3:::images", "arn:aws:s3", `\${aws:PrincipalTag/Bucket}`])(
    "may be %s",
    (Resource) => {
      expect(problemsOf({ Action: "s3:*", Resource }, "identity")).toEqual([]);
    },
  );

  it.each(["images", "a*", "*a", " *", "* ", "an arn:aws:s3:::images", `an \${aws:username}`])(
    "must not be %j",
    (pattern) => {
      const expected = "must be `*` or an ARN";
      expect(problemsOf({ Action: "s3:*", Resource: ["*", pattern] }, "identity")).toEqual([
        `Statement[0].Resource[1] ${expected}`,
      ]);
      expect(problemsOf({ Action: "s3:*", NotResource: pattern }, "identity")).toEqual([
        `Statement[0].NotResource[0] ${expected}`,
      ]);
    },
  );

  it("may have any form in a resource policy", () => {
    expect(problemsOf({ ...SEND, Resource: "execute-api:/*" }, "resource")).toEqual([]);
  });
});

describe("a principal", () => {
  it.each([
    ["*"],
    [{ AWS: "*" }],
    [{ AWS: "??" }],
    [{ AWS: ACCOUNT }],
    [{ AWS: `arn:aws:iam::${ACCOUNT}:role/processor` }],
    [{ AWS: "AROAEXAMPLEEXAMPLE" }],
    // POL-002 and IAM-014 report these as everyone.
    [{ AWS: "arn:aws:iam::*:role/processor" }],
    [{ AWS: "arn:aws:iam::1111*:root" }],
    [{ Service: "*" }],
    [{ Service: "?*" }],
    [{ Service: "lambda.amazonaws.com" }],
    [{ Service: "logs.eu-central-1.amazonaws.com" }],
    [{ Service: "LAMBDA.amazonaws.com" }],
    [{ Federated: "accounts.google.com" }],
    [{ Federated: "arn:aws:iam::*:oidc-provider/*" }],
    [{ Federated: "provider" }],
    [{ CanonicalUser: "79a59df9*" }],
  ])("may be %j", (principal) => {
    expect(sending(principal)).toEqual([]);
  });

  it.each([
    [{ AWS: "1111*" }],
    [{ AWS: "arn:*" }],
    [{ AWS: `arn:aws:iam::${ACCOUNT}:role/*` }],
    [{ AWS: `arn:aws:iam::${ACCOUNT}:role/processo?` }],
    [{ AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/*`] }],
    [{ Service: "*.amazonaws.com" }],
    [{ Service: "lambda.amazonaws.co?" }],
    [{ Service: ["lambda", "*.amazonaws.com"] }],
  ])("must not be %j, with a wildcard for a part of it", (principal) => {
    expect(sending(principal)).toEqual([PARTIAL]);
  });

  it.each([
    [{ Service: "lambda" }],
    [{ Service: "" }],
    [{ Service: "lambda.amazonaws.com/" }],
    [{ Service: "the lambda.amazonaws.com" }],
    [{ Service: ".amazonaws.com" }],
    [{ Service: "lambda." }],
    [{ Service: `arn:aws:iam::${ACCOUNT}:role/processor` }],
    [{ Service: ["lambda.amazonaws.com", "lambda"] }],
  ])("must not be %j, which is not a service name", (principal) => {
    expect(sending(principal)).toEqual([SERVICE]);
  });

  it("must follow the same rules in NotPrincipal", () => {
    const denied = (NotPrincipal: unknown) =>
      problemsOf({ Action: "sqs:*", NotPrincipal, Resource: "*" }, "resource");
    expect(denied({ Service: "lambda.amazonaws.com" })).toEqual([]);
    expect(denied({ Service: "lambda" })).toEqual([SERVICE.replace("Principal", "NotPrincipal")]);
    expect(denied({ AWS: "1111*" })).toEqual([PARTIAL.replace("Principal", "NotPrincipal")]);
  });
});

describe("the actions of a trust policy", () => {
  it.each(["sts:AssumeRole", "STS:TagSession", "sts:*", "*", "s*:AssumeRole"])("may be %s", (Action) => {
    expect(problemsOf({ ...ASSUME, Action }, "trust")).toEqual([]);
  });

  it("must be of STS", () => {
    const actions = ["sts:AssumeRole", "s3:GetObject"];
    expect(problemsOf({ ...ASSUME, Action: actions }, "trust")).toEqual([
      "Statement[0].Action[1] must be an STS action",
    ]);
    expect(problemsOf({ Principal: "*", NotAction: actions }, "trust")).toEqual([
      "Statement[0].NotAction[1] must be an STS action",
    ]);
  });

  it("may be of any service in other documents", () => {
    expect(problemsOf(READ, "identity")).toEqual([]);
    expect(problemsOf(SEND, "resource")).toEqual([]);
  });
});

describe("the Sid of a statement", () => {
  it.each<[DocumentKind, object]>([
    ["identity", READ],
    ["trust", ASSUME],
  ])("must contain only letters and digits in a document of the kind %s", (kind, statement) => {
    expect(problemsOf({ ...statement, Sid: "ReadOriginals2" }, kind)).toEqual([]);
    for (const Sid of ["Read originals", "Read-originals", "été", "Read\n"]) {
      expect(problemsOf({ ...statement, Sid }, kind)).toEqual([
        "Statement[0].Sid must contain only letters and digits",
      ]);
    }
  });

  it.each<[DocumentKind, object]>([
    ["identity", READ],
    ["trust", ASSUME],
  ])("must be unique in a document of the kind %s", (kind, statement) => {
    const sids = new Set<string>();
    expect(problemsOf({ ...statement, Sid: "S" }, kind, sids)).toEqual([]);
    expect(problemsOf({ ...statement, Sid: "T" }, kind, sids)).toEqual([]);
    expect(problemsOf({ ...statement, Sid: "S" }, kind, sids)).toEqual([
      "Statement[0].Sid must be unique in the document",
    ]);
  });

  it("may be missing or empty in several statements", () => {
    const sids = new Set<string>();
    for (const Sid of ["", "", undefined, undefined]) {
      expect(problemsOf({ ...READ, Sid }, "identity", sids)).toEqual([]);
    }
  });

  it.each<[DocumentKind, object]>([
    ["resource", SEND],
    ["key", { Action: "kms:*", Principal: "*", Resource: "*" }],
  ])("may be any text in a document of the kind %s, also twice", (kind, statement) => {
    const sids = new Set<string>();
    for (const Sid of ["Enable IAM User Permissions", "Enable IAM User Permissions"]) {
      expect(problemsOf({ ...statement, Sid }, kind, sids)).toEqual([]);
    }
  });
});
