import { actionTable } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { onlyDescribes } from "../../iam/grant.ts";

export const iamWildcardAction = defineResourceControl({
  id: "IAM-002",
  name: "iam-wildcard-action",
  title: "Identity policies name the actions that they allow.",
  severity: "high",
  level: "mandatory",
  why: "A wildcard grants every action that matches today, and every one that AWS adds later.",
  remediation: "List the actions that the code calls.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  mappings: { fsbp: ["IAM.21"], cis: [], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      // NotAction is the matter of a control of its own.
      if (statement.effect === "Deny" || statement.actions.negated) return;
      for (const pattern of statement.actions.patterns) {
        // AWS's own control accepts `ec2:Describe*` and the like: they tell what exists, and hand out nothing.
        if (!hasWildcard(pattern) || onlyDescribes(pattern)) continue;
        yield violation({
          key: `Action::${pattern}`,
          message: `${nameOf(statement)} must name its actions instead of \`${pattern}\`, ${extentOf(pattern)}.`,
        });
      }
    }),
});

const extentOf = (pattern: string): string => {
  const [service = ""] = pattern.split(":");
  if (hasWildcard(service)) return "which is every action of every service it matches";
  if (!actionTable().knows(service)) return `whose actions in ${service} can't be told`;
  const count = actionTable().expand(pattern).length;
  return `which is ${count} ${count === 1 ? "action" : "actions"} of ${service}`;
};
