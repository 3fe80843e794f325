import { actionTable } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isAdministrator, limitsResources, onlyDescribes, widestReachOf } from "../../iam/grant.ts";

export const iamWildcardResource = defineResourceControl({
  id: "IAM-003",
  name: "iam-wildcard-resource",
  title: "Identity policies name the resources of every action that can be limited to resources.",
  severity: "high",
  level: "mandatory",
  why: "With `*`, an action meant for one queue or bucket works on every queue or bucket in the account, including those of other teams.",
  remediation:
    "Use the ARNs of the resources that the code needs. Put actions that take no resource in a separate statement with `*`.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      const { effect, actions } = statement;
      if (effect === "Deny" || actions.negated || isAdministrator(statement)) return;
      if (limitsResources(statement)) return;
      for (const pattern of actions.patterns) {
        if (onlyDescribes(pattern) || actionTable().takesResources(pattern) !== true) continue;
        const reach = widestReachOf(statement, pattern);
        if (reach === "named resources") continue;
        yield violation({
          key: `${reach === "everything" ? "Star" : "EveryResource"}::${pattern}`,
          message: `${nameOf(statement)} must name the resources of \`${pattern}\` instead of ${
            reach === "everything" ? "`*`" : "all resources of their type"
          }.`,
        });
      }
    }),
});
