import { actionTable } from "../lib/action-table.ts";
import { defineResourceControl, noParameters } from "../lib/control.ts";
import { documentTypes, judgeStatements } from "../lib/documents.ts";
import { violation } from "../lib/judgement.ts";
import { hasWildcard } from "../lib/wildcard.ts";

export const iamWildcardAction = defineResourceControl({
  id: "IAM-002",
  name: "iam-wildcard-action",
  title: "Identity policies name the actions that they allow.",
  severity: "high",
  level: "mandatory",
  why: "A wildcard grants every action that matches today, and every one that AWS adds later.",
  remediation: "List the actions that the code calls.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  mappings: { fsbp: ["IAM.1", "IAM.21"], cis: ["1.15"], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      // NotAction is the matter of a control of its own.
      if (statement.effect === "Deny" || statement.actions.negated) return;
      for (const pattern of statement.actions.patterns) {
        if (!hasWildcard(pattern) || onlyDescribes(pattern)) continue;
        yield violation({
          key: `Action::${pattern}`,
          message: `Statement ${statement.label} of \`${statement.path}\` must name its actions instead of \`${pattern}\`, ${extentOf(pattern)}.`,
        });
      }
    }),
});

/** AWS's own control accepts wildcards such as `ec2:Describe*`: they tell what exists, and change and hand out nothing. */
function onlyDescribes(pattern: string): boolean {
  if (/^[a-z0-9-]+:(describe|list)/i.test(pattern)) return true;
  const actions = actionTable().expand(pattern);
  return actions.length > 0 && actions.every(({ accessLevels }) => accessLevels.join() === "List");
}

function extentOf(pattern: string): string {
  const [service = ""] = pattern.split(":");
  if (hasWildcard(service)) return "which is every action of every service it matches";
  if (!actionTable().knows(service)) return `whose actions in ${service} can't be told`;
  const count = actionTable().expand(pattern).length;
  return `which is ${count} ${count === 1 ? "action" : "actions"} of ${service}`;
}
