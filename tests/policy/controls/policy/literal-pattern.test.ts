import { describe, expect, it } from "vitest";
import { policyLiteralPattern } from "../../../../policy/controls/policy/literal-pattern.ts";
import { type HeldKind, holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import {
  allow,
  BUCKET,
  deny,
  grant,
  OBJECTS,
  QUEUE,
  ROLE,
  trust,
  when,
} from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const TEAM = "aws:PrincipalTag/Team";
const found = (...statements: object[]) => keysIn(policyLiteralPattern, "identity", ...statements);
const compared = (operator: string, value: unknown) =>
  found(allow("s3:GetObject", OBJECTS, when(operator, TEAM, value)));

/** The findings in a document of this version with one statement. */
const foundIn = (Version: string | undefined, statement: object): readonly string[] => {
  const body = { Version, Statement: statement };
  return judge(policyLiteralPattern, holding("identity", body)).findings.map(({ key }) => key);
};

describe("POL-009 policy-literal-pattern", () => {
  itJudgesDocuments(
    policyLiteralPattern,
    "identity",
    allow("s3:GetObject", OBJECTS, when("StringEquals", TEAM, "images-*")),
    { denyToo: true },
  );

  it.each([
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringEqualsIfExists",
    "ForAnyValue:StringEquals",
  ])("reports a wildcard compared with %s, alone or in a list", (operator) => {
    expect(compared(operator, "images-*")).toEqual(["Wildcard::S/aws:principaltag/team"]);
    expect(compared(operator, ["images", "image?"])).toEqual(["Wildcard::S/aws:principaltag/team"]);
    expect(compared(operator, ["images", "pictures"])).toEqual([]);
  });

  it.each(["StringLike", "StringNotLike", "ArnLike", "ArnEquals"])(
    "accepts a wildcard compared with %s",
    (operator) => {
      expect(compared(operator, "arn:aws:iam::111122223333:role/*")).toEqual([]);
    },
  );

  it("reports a literal wildcard in a Deny", () => {
    const statement = deny("s3:PutObject", OBJECTS, when("StringNotEquals", TEAM, "images-*"));
    expect(found(statement)).toEqual(["Wildcard::S/aws:principaltag/team"]);
  });

  it.each<[HeldKind, object]>([
    ["resource", grant({ AWS: ROLE }, "sqs:SendMessage", QUEUE, when("StringEquals", TEAM, "a*"))],
    ["key", grant({ AWS: ROLE }, "kms:Decrypt", "*", when("StringEquals", TEAM, "a*"))],
    ["trust", trust({ AWS: ROLE }, { StringEquals: { [TEAM]: "a*" } })],
  ])("judges a document of the kind %s", (kind, statement) => {
    expect(keysIn(policyLiteralPattern, kind, statement)).toEqual(["Wildcard::S/aws:principaltag/team"]);
  });

  it("accepts the policy variables for a literal star and question mark", () => {
    expect(compared("StringEquals", [`a\${*}`, `b\${?}`])).toEqual([]);
  });

  it.each([
    ["a resource", allow("s3:GetObject", `${BUCKET}/\${aws:username}/*`)],
    ["a condition", allow("s3:GetObject", OBJECTS, when("StringLike", "s3:prefix", `\${aws:username}/*`))],
    ["the resource of a Deny", deny("s3:GetObject", `${BUCKET}/\${aws:username}/*`)],
  ])("reports a variable in %s unless the document has the version 2012-10-17", (_, statement) => {
    expect(foundIn("2008-10-17", statement)).toEqual(["Variable::S"]);
    expect(foundIn(undefined, statement)).toEqual(["Variable::S"]);
    expect(foundIn("2012-10-17", statement)).toEqual([]);
  });

  it("accepts the old version in a document without variables", () => {
    expect(foundIn("2008-10-17", allow("s3:GetObject", OBJECTS, when("StringLike", TEAM, "a*")))).toEqual([]);
  });

  it("says what is wrong", () => {
    const statement = allow("s3:GetObject", `${BUCKET}/\${aws:username}`, when("StringEquals", TEAM, "a*"));
    const body = { Version: "2008-10-17", Statement: statement };
    expect(
      judge(policyLiteralPattern, holding("identity", body)).findings.map(({ message }) => message),
    ).toEqual([
      "Statement S of `policy` must not compare aws:principaltag/team to a wildcard with StringEquals, which treats it as plain text.",
      "Statement S of `policy` must not use policy variables, because its document's Version treats them as plain text.",
    ]);
  });

  proveControl(policyLiteralPattern);
});
