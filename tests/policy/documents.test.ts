import { describe, expect, it } from "vitest";
import { controls } from "../../policy/controls/index.ts";
import { conditions } from "./support/documents/conditions.ts";
import { identityActions } from "./support/documents/identity-actions.ts";
import { identityEscalation } from "./support/documents/identity-escalation.ts";
import { identityResources } from "./support/documents/identity-resources.ts";
import { keyPolicies } from "./support/documents/key-policies.ts";
import { resourcePolicies } from "./support/documents/resource-policies.ts";
import { ACCOUNT, type DocumentRow } from "./support/documents/row.ts";
import { subtleIdentity, subtleResource, subtleTrust } from "./support/documents/subtle.ts";
import { trustPolicies } from "./support/documents/trust.ts";
import { judge, resource } from "./support/subject.ts";

/** Where documents of a kind are put for the test. */
const PLACES = {
  identity: { type: "aws:iam/rolePolicy:RolePolicy", property: "policy" },
  trust: { type: "aws:iam/role:Role", property: "assumeRolePolicy" },
  resource: { type: "aws:sqs/queuePolicy:QueuePolicy", property: "policy" },
  key: { type: "aws:kms/keyPolicy:KeyPolicy", property: "policy" },
} as const;

const TABLES: readonly (readonly [string, keyof typeof PLACES, readonly DocumentRow[]])[] = [
  ["actions of identity policies", "identity", identityActions],
  ["resources of identity policies", "identity", identityResources],
  ["identity policies that lead further", "identity", identityEscalation],
  ["conditions of identity policies", "identity", conditions],
  ["trust policies", "trust", trustPolicies],
  ["policies of resources", "resource", resourcePolicies],
  ["policies of keys", "key", keyPolicies],
  ["identity policies that are not what they seem", "identity", subtleIdentity],
  ["policies of resources that are not what they seem", "resource", subtleResource],
  ["trust policies that are not what they seem", "trust", subtleTrust],
];

// All controls over documents. IAM-017 is about the stack around the document, of which there is none here.
const documentControls = controls.filter(({ id }) => /^(IAM|POL)-/.test(id) && id !== "IAM-017");

const findingsOn = (kind: keyof typeof PLACES, document: unknown): readonly string[] => {
  const { type, property } = PLACES[kind];
  const holder = resource({
    type,
    props: {
      arn: `arn:aws:iam::${ACCOUNT}:subject`,
      [property]: typeof document === "string" ? document : JSON.stringify(document),
    },
  });
  return documentControls.flatMap((control) =>
    judge(control, holder).findings.map(({ key }) => `${control.name} ${key}`),
  );
};

describe.each(TABLES)("%s", (_, kind, rows) => {
  it.each(rows.map((row) => [row.title, row] as const))("%s", (_title, { document, findings }) => {
    expect(findingsOn(kind, document)).toEqual(findings);
  });
});

describe("the table of documents", () => {
  const rows = TABLES.flatMap(([, , table]) => table);

  it("has at least 150 rows, each of another document and under another title", () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
    for (const [, , table] of TABLES) {
      expect(new Set(table.map(({ title }) => title)).size).toBe(table.length);
      expect(new Set(table.map(({ document }) => JSON.stringify(document))).size).toBe(table.length);
    }
  });

  it("has a document that each control finds fault with, but for those over attachments and options", () => {
    const found = new Set(rows.flatMap(({ findings }) => findings.map((finding) => finding.split(" ")[0])));
    const missing = documentControls.map(({ name }) => name).filter((name) => !found.has(name));
    expect(missing).toEqual([
      "iam-aws-managed-policy",
      "iam-role-policy-conflict",
      "iam-trust-service",
      "iam-unattached-policy",
      "iam-user-policy",
      "iam-group-inline-policy",
      "iam-access-key",
      "policy-ignore-changes",
      "policy-data-store-protection",
    ]);
  });

  it("judges every document to the end", () => {
    for (const [, kind, table] of TABLES) {
      for (const { title, document, findings } of table) {
        if (findings.some((finding) => finding.startsWith("iam-policy-document-well-formed"))) continue;
        const { type, property } = PLACES[kind];
        const holder = resource({
          type,
          props: { arn: `arn:aws:iam::${ACCOUNT}:subject`, [property]: JSON.stringify(document) },
        });
        for (const control of documentControls) {
          expect(judge(control, holder).notJudged, `${control.id} on ${title}`).toEqual([]);
        }
      }
    }
  });
});
