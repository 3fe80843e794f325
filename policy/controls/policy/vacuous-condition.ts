import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { Condition } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { takesInAllOf } from "../../iam/grant.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const policyVacuousCondition = defineResourceControl({
  id: "POL-005",
  name: "policy-vacuous-condition",
  title: "The conditions of Allow statements limit something.",
  severity: "medium",
  level: "mandatory",
  why: "Such a condition reads like a limit and holds for every request.",
  remediation:
    "Give values without a lone `*`, leave out IfExists on keys that tell who calls, and put a Null condition beside ForAllValues.",
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
          message: `${nameOf(statement)} must have a condition on ${condition.key} that limits something: ${problem}.`,
        });
      }
    }),
});

const POSITIVE = new Set(["StringLike", "StringEquals", "StringEqualsIgnoreCase", "ArnLike", "ArnEquals"]);

/** Keys that say who calls, or for whom. To let pass who does not say it is to let pass everyone else. */
const CALLER_KEYS =
  /^(aws:(principal(account|arn|orgid|orgpaths)|source(account|arn|orgid|orgpaths|owner|vpce?))|kms:calleraccount|sts:externalid|iam:passedtoservice|.*:(sub|aud))$/;

const problemOf = (condition: Condition, statement: FoundStatement): string | undefined => {
  const { operator, quantifier, ifExists, key, values } = condition;
  const pattern = operator === "StringLike" || operator.startsWith("Arn");
  if (POSITIVE.has(operator) && pattern && values.some(matchesAll))
    return "one of its values matches everything";
  if (operator === "IpAddress" && values.some((value) => /\/0+$/.test(value)))
    return "one of its ranges is every address";
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

/** A request that sets no tags has no tag keys, and is meant to pass. */
const isTagKey = (key: string): boolean => /^aws:tagkeys$|:tagkeys$/.test(key);

/** By a condition of the statement, or by a Deny beside it of every request without the key. */
const demandsPresence = (statement: FoundStatement, key: string): boolean =>
  statement.conditions.some((condition) => isNull(condition, key, "false")) ||
  statement.siblings.some(
    (sibling) =>
      sibling.effect === "Deny" &&
      takesInAllOf(sibling, statement) &&
      sibling.conditions.every((condition) => isNull(condition, key, "true")),
  );

const isNull = (condition: Condition, key: string, expected: "true" | "false"): boolean =>
  condition.key === key &&
  condition.operator === "Null" &&
  condition.values.every((value) => value === expected);
