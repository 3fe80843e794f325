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

/** The resource type and property that the test uses for each kind of document. */
const PLACES = {
  identity: { type: "aws:iam/rolePolicy:RolePolicy", property: "policy" },
  trust: { type: "aws:iam/role:Role", property: "assumeRolePolicy" },
  resource: { type: "aws:sqs/queuePolicy:QueuePolicy", property: "policy" },
  key: { type: "aws:kms/keyPolicy:KeyPolicy", property: "policy" },
} as const;

const TABLES: readonly (readonly [string, keyof typeof PLACES, readonly DocumentRow[]])[] = [
  ["actions of identity policies", "identity", identityActions],
  ["resources of identity policies", "identity", identityResources],
  ["identity policies that can lead to more privileges", "identity", identityEscalation],
  ["conditions of identity policies", "identity", conditions],
  ["trust policies", "trust", trustPolicies],
  ["resource policies", "resource", resourcePolicies],
  ["key policies", "key", keyPolicies],
  ["deceptive identity policies", "identity", subtleIdentity],
  ["deceptive resource policies", "resource", subtleResource],
  ["deceptive trust policies", "trust", subtleTrust],
];

// All controls over documents except IAM-017, which needs the other resources of a stack.
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

describe("the tables of documents", () => {
  const rows = TABLES.flatMap(([, , table]) => table);

  it("have at least 150 rows, with unique documents and titles", () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
    for (const [, , table] of TABLES) {
      expect(new Set(table.map(({ title }) => title)).size).toBe(table.length);
      expect(new Set(table.map(({ document }) => JSON.stringify(document))).size).toBe(table.length);
    }
  });

  it("contain a faulty document for every control except those over attachments and options", () => {
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

  it("leave no well-formed document unjudged", () => {
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
