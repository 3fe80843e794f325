import { expect, it } from "vitest";
import type { Control } from "../../../policy/engine/control.ts";
import type { StackResource } from "../../../policy/engine/resource.ts";
import { document } from "./documents/row.ts";
import { findingsOf, judge, resource, UNKNOWN } from "./subject.ts";

/** The resource type and property that tests use for each kind of document. */
const HOLDERS = {
  identity: { type: "aws:iam/rolePolicy:RolePolicy", property: "policy" },
  trust: { type: "aws:iam/role:Role", property: "assumeRolePolicy" },
  resource: { type: "aws:sqs/queuePolicy:QueuePolicy", property: "policy" },
  key: { type: "aws:kms/keyPolicy:KeyPolicy", property: "policy" },
} as const;

export type HeldKind = keyof typeof HOLDERS;

/** A resource named `subject` with the document, which is converted to JSON unless it is a string. */
export const holding = (kind: HeldKind, body: unknown, props: object = {}): StackResource => {
  const { type, property } = HOLDERS[kind];
  return resource({
    type,
    props: { ...props, [property]: typeof body === "string" ? body : JSON.stringify(body) },
  });
};

/** The keys of a control's findings in a document with these statements. */
export const keysIn = (
  control: Control,
  kind: HeldKind,
  ...statements: readonly object[]
): readonly string[] => {
  const verdict = judge(control, holding(kind, document(...statements.map((each) => ({ ...each })))));
  return findingsOf(verdict).map((finding) => finding.replace(/^subject /, ""));
};

/**
 * Tests that every control over documents must pass: a Deny is not a fault, and an unreadable document is not judged.
 *
 * @param faulty an Allow statement that the control reports.
 * @param options.denyToo set for a control that also reports Deny statements. @default false
 */
export const itJudgesDocuments = (
  control: Control,
  kind: HeldKind,
  faulty: object,
  { denyToo = false }: { denyToo?: boolean } = {},
): void => {
  it("reports a faulty Allow statement", () => {
    expect(keysIn(control, kind, faulty)).not.toEqual([]);
  });

  if (!denyToo) {
    it("accepts the same statement as a Deny", () => {
      expect(keysIn(control, kind, { ...faulty, Effect: "Deny" })).toEqual([]);
    });
  }

  it("does not judge an unknown document", () => {
    expect(judge(control, holding(kind, UNKNOWN))).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: HOLDERS[kind].property }],
    });
  });

  it("judges the known statements of a document with an unknown one", () => {
    const { type, property } = HOLDERS[kind];
    const body = document({ ...faulty, Sid: UNKNOWN }, { ...faulty });
    const verdict = judge(control, resource({ type, props: { [property]: body } }));
    expect(verdict.outcome).toBe("violation");
    expect(verdict.notJudged).toMatchObject([{ path: `${property} #0` }]);
  });

  it("does not judge a malformed document, which IAM-001 reports", () => {
    expect(judge(control, holding(kind, "{"))).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "malformed" }],
    });
  });

  it("does not apply without a document or to other types", () => {
    const bare = resource({ type: HOLDERS[kind].type });
    expect(judge(control, bare).findings).toEqual([]);
    expect(judge(control, resource({ type: "aws:sfn/activity:Activity" })).outcome).toBe("not applicable");
  });
};
