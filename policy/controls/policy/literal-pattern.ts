import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import type { ConditionOperator } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const policyLiteralPattern = defineResourceControl({
  id: "POL-009",
  name: "policy-literal-pattern",
  title: "Wildcards and policy variables are used where IAM supports them.",
  severity: "medium",
  level: "mandatory",
  why: "As plain text they match nothing: an Allow fails and then tends to be widened, and a Deny denies no one or everyone.",
  remediation:
    "Compare patterns with StringLike or ArnLike. Use the Version 2012-10-17 in documents with variables.",
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
          message: `${nameOf(statement)} must not compare ${key} to a wildcard with ${operator}, which treats it as plain text.`,
        });
      }
      if (statement.version === "2012-10-17" || !textsOf(statement).some(hasVariable)) return;
      yield violation({
        key: `Variable::${statement.label}`,
        message: `${nameOf(statement)} must not use policy variables, because its document's Version treats them as plain text.`,
      });
    }),
});

const LITERAL = new Set<ConditionOperator>([
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
]);

/** The parts of a statement in which IAM replaces variables. */
const textsOf = ({ resources, conditions }: FoundStatement): readonly string[] => [
  ...(resources?.patterns ?? []),
  ...conditions.flatMap(({ values }) => values),
];

const hasVariable = (text: string): boolean => withoutVariables(text) !== text;

const withoutVariables = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, "");
