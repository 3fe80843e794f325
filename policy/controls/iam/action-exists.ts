import { actionTable } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";

export const iamActionExists = defineResourceControl({
  id: "IAM-006",
  name: "iam-action-exists",
  title: "Identity policies name actions that exist in AWS.",
  severity: "low",
  level: "advisory",
  why: "A misspelled action grants nothing, and in a Deny it forbids nothing. IAM accepts it without a warning.",
  remediation:
    "Correct the name, which can differ from the name of the API call. Ignore this if the action is newer than the pack's table.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      for (const pattern of statement.actions.patterns) {
        const problem = problemOf(pattern);
        if (problem === undefined) continue;
        yield violation({
          key: `Action::${pattern}`,
          message: `${nameOf(statement)} must name actions that exist: \`${pattern}\` ${problem}.`,
        });
      }
    }),
});

const problemOf = (pattern: string): string | undefined => {
  const [service = "", name] = pattern.split(":");
  if (name === undefined || hasWildcard(service)) return undefined;
  if (!actionTable().hasService(service)) return "names an unknown service";
  if (!actionTable().knows(service) || actionTable().expand(pattern).length > 0) return undefined;
  return hasWildcard(name) ? "matches no action" : "is not an action";
};
