import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { Condition } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { coversAllOf } from "../../iam/grant.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const policyVacuousCondition = defineResourceControl({
  id: "POL-005",
  name: "policy-vacuous-condition",
  title: "Conditions of Allow statements limit access.",
  severity: "medium",
  level: "mandatory",
  why: "Such a condition looks like a limit but is true for every request.",
  remediation:
    "Avoid values such as `*`, remove IfExists from keys that identify the caller, and add a Null condition to ForAllValues.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, KINDS, function* (statement) {
      if (statement.effect === "Deny") return;
      for (const condition of statement.conditions) {
        const problem = problemOf(condition, statement);
        if (problem === undefined) continue;
        yield violation({
          key: `Condition::${statement.label}/${condition.key}`,
          message: `${nameOf(statement)} must have a condition on ${condition.key} that limits access: ${problem}.`,
        });
      }
    }),
});

const POSITIVE = new Set(["StringLike", "StringEquals", "StringEqualsIgnoreCase", "ArnLike", "ArnEquals"]);

/** Keys that identify the caller or its origin. Requests without the key must not pass. */
const CALLER_KEYS =
  /^(aws:(principal(account|arn|orgid|orgpaths)|source(account|arn|orgid|orgpaths|owner|vpce?))|kms:calleraccount|sts:externalid|iam:passedtoservice|.*:(sub|aud))$/;

const problemOf = (condition: Condition, statement: FoundStatement): string | undefined => {
  const { operator, quantifier, ifExists, key, values } = condition;
  const pattern = operator === "StringLike" || operator.startsWith("Arn");
  if (POSITIVE.has(operator) && pattern && values.some(matchesAll))
    return "one of its values matches everything";
  if (operator === "IpAddress" && values.some((value) => /\/0+$/.test(value)))
    return "one of its ranges includes every address";
  if (ifExists && CALLER_KEYS.test(key)) return "with IfExists, a request without the key passes";
  if (
    quantifier === "ForAllValues" &&
    POSITIVE.has(operator) &&
    !isTagKey(key) &&
    !demandsPresence(statement, key)
  ) {
    return "with ForAllValues, a request without the key passes";
  }
  return undefined;
};

const matchesAll = (value: string): boolean => /^\?*\*[*?]*$/.test(value) || /^arn:\*(:\*)*$/.test(value);

/** A request that sets no tags has no tag keys and should pass. */
const isTagKey = (key: string): boolean => /^aws:tagkeys$|:tagkeys$/.test(key);

/** Is the key required, by a condition of the statement or by a sibling that denies every request without it? */
const demandsPresence = (statement: FoundStatement, key: string): boolean =>
  statement.conditions.some((condition) => isNull(condition, key, "false")) ||
  statement.siblings.some(
    (sibling) =>
      sibling.effect === "Deny" &&
      coversAllOf(sibling, statement) &&
      sibling.conditions.every((condition) => isNull(condition, key, "true")),
  );

const isNull = (condition: Condition, key: string, expected: "true" | "false"): boolean =>
  condition.key === key &&
  condition.operator === "Null" &&
  condition.values.every((value) => value === expected);
