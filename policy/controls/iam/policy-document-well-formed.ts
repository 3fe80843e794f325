import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { notApplicable, notJudged, violation } from "../../engine/judgement.ts";
import { documentTypes, findDocuments } from "../../iam/documents.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const iamPolicyDocumentWellFormed = defineResourceControl({
  id: "IAM-001",
  name: "iam-policy-document-well-formed",
  title: "Policy documents are well-formed.",
  severity: "high",
  level: "mandatory",
  why: "AWS rejects a malformed document halfway through an update, and no other control can judge it.",
  remediation: "Correct the element; the IAM policy grammar says what it may contain.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  *check(resource) {
    const documents = findDocuments(resource, KINDS);
    if (documents.length === 0) yield notApplicable();
    for (const found of documents) {
      if (found.state === "unknown") yield notJudged(found.path);
      if (found.state !== "malformed") continue;
      for (const { path, expected } of found.error.problems) {
        const place = path === "" ? found.path : `${found.path} ${path}`;
        yield violation({ key: `Document::${place}`, message: `\`${place}\` ${expected}.` });
      }
    }
  },
});
