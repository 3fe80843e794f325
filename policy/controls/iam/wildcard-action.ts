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
  why: "A wildcard grants every action that matches today and every matching action that AWS adds later.",
  remediation: "List the actions that the code calls.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  mappings: { fsbp: ["IAM.21"], cis: [], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      // POL-001 reports NotAction.
      if (statement.effect === "Deny" || statement.actions.negated) return;
      for (const pattern of statement.actions.patterns) {
        // AWS's own control accepts `ec2:Describe*` and similar: they list what exists and grant no access to data.
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
  if (hasWildcard(service)) return "which matches every action of every matching service";
  if (!actionTable().knows(service)) return `whose matching actions in ${service} are not known`;
  const count = actionTable().expand(pattern).length;
  return `which matches ${count} ${count === 1 ? "action" : "actions"} of ${service}`;
};
