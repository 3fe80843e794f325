import { actionTable } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { requiredValues } from "../../iam/condition.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isAdministrator, reachOf } from "../../iam/grant.ts";

export const iamScopingCondition = defineResourceControl({
  id: "IAM-004",
  name: "iam-scoping-condition",
  title: "Actions that take no resource are limited by the condition key that AWS provides for them.",
  severity: "medium",
  level: "mandatory",
  why: "Resource can't limit such an action; only the condition key can.",
  remediation: "Put the action in a separate statement with a condition on the key.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      const { effect, actions } = statement;
      if (effect === "Deny" || actions.negated || isAdministrator(statement)) return;
      if (reachOf(statement) !== "everything") return;
      const named = new Set(actions.patterns.flatMap((pattern) => actionTable().expand(pattern)));
      for (const { name, wildcardOnly, scopingKeys } of named) {
        if (!wildcardOnly || scopingKeys.length === 0) continue;
        if (scopingKeys.some((key) => requiredValues(statement, key) !== undefined)) continue;
        const keys = scopingKeys.map((key) => `\`${key}\``).join(" or ");
        yield violation({
          key: `Condition::${name}`,
          message: `${nameOf(statement)} must limit \`${name}\` with a condition on ${keys}.`,
        });
      }
    }),
});
