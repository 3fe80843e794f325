import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { documentProperties, documentTypes, findDocuments } from "../../../policy/iam/documents.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

const ALL = ["identity", "resource", "key", "trust"] as const;
const provider = new URL("../../../node_modules/@pulumi/aws/", import.meta.url);

describe("documentTypes", () => {
  it("lists the types with a kind of document", () => {
    expect(documentTypes("trust")).toEqual(["aws:iam/role:Role"]);
    expect(documentTypes("key", "trust")).toContain("aws:kms/keyPolicy:KeyPolicy");
  });

  it.each(documentTypes(...ALL))("%s has these properties in the provider", async (type) => {
    const declarations = await readFile(new URL(`${type.split(":")[1]}.d.ts`, provider), "utf8");
    for (const property of documentProperties(type, ALL))
      expect(declarations).toMatch(new RegExp(`^ {4}${property}\\??:`, "m"));
  });
});

describe("findDocuments", () => {
  const document = JSON.stringify({ Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } });

  it("finds no document when the property is missing", () => {
    expect(findDocuments(resource({ type: "aws:kms/key:Key" }), ALL)).toEqual([]);
  });

  it("finds only documents of the given kinds", () => {
    const role = resource({
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: UNKNOWN, inlinePolicies: [{ name: "a", policy: document }, { name: "b" }] },
    });
    const states = (kind: (typeof ALL)[number]) =>
      findDocuments(role, [kind]).map(({ state, path }) => `${state} ${path}`);
    expect(states("trust")).toEqual(["unknown assumeRolePolicy"]);
    expect(states("identity")).toEqual(["parsed inlinePolicies[0].policy"]);
    expect(states("resource")).toEqual([]);
  });

  it("distinguishes an unknown list of documents from a malformed document", () => {
    const unknown = resource({ type: "aws:iam/role:Role", props: { inlinePolicies: UNKNOWN } });
    expect(findDocuments(unknown, ["identity"])).toEqual([{ state: "unknown", path: "inlinePolicies" }]);
    const malformed = resource({ type: "aws:iam/policy:Policy", props: { policy: "{" } });
    expect(findDocuments(malformed, ["identity"])).toMatchObject([{ state: "malformed", path: "policy" }]);
  });
});
