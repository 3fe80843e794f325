import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import type { ConditionOperator } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const policyLiteralPattern = defineResourceControl({
  id: "POL-009",
  name: "policy-literal-pattern",
  title: "Wildcards and policy variables stand where IAM understands them.",
  severity: "medium",
  level: "mandatory",
  why: "Taken as plain text they match nothing: an Allow fails, and is then widened; a Deny denies no one, or everyone.",
  remediation:
    "Compare patterns with StringLike or ArnLike; give documents with variables the Version 2012-10-17.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, KINDS, function* (statement) {
      for (const { operator, key, values } of statement.conditions) {
        if (!LITERAL.has(operator) || !values.some((value) => hasWildcard(withoutVariables(value)))) continue;
        yield violation({
          key: `Wildcard::${statement.label}/${key}`,
          message: `${nameOf(statement)} must not compare ${key} to a wildcard by ${operator}, which takes it for plain text.`,
        });
      }
      if (statement.version === "2012-10-17" || !textsOf(statement).some(hasVariable)) return;
      yield violation({
        key: `Variable::${statement.label}`,
        message: `${nameOf(statement)} must not use policy variables, which its document's Version takes for plain text.`,
      });
    }),
});

const LITERAL = new Set<ConditionOperator>([
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
]);

/** The places of a statement where IAM replaces variables. */
const textsOf = ({ resources, conditions }: FoundStatement): readonly string[] => [
  ...(resources?.patterns ?? []),
  ...conditions.flatMap(({ values }) => values),
];

const hasVariable = (text: string): boolean => withoutVariables(text) !== text;

const withoutVariables = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, "");
