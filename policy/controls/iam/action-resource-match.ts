import { actionTable, resourceFits } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isEverything } from "../../iam/grant.ts";

export const iamActionResourceMatch = defineResourceControl({
  id: "IAM-005",
  name: "iam-action-resource-match",
  title: "Each action that an identity policy allows applies to a resource of its statement.",
  severity: "medium",
  level: "mandatory",
  why: "Such a grant does nothing, so the code that needs it fails, and people then tend to grant `*`.",
  remediation:
    "Give the action a resource of the right type: `bucket/*` for actions on objects, `*` for actions that take no resource.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* ({ effect, actions, resources, ...statement }) {
      if (effect === "Deny" || actions.negated || resources === undefined || resources.negated) return;
      for (const pattern of actions.patterns) {
        // A wildcard is meant to match more actions than fit.
        const action = hasWildcard(pattern) ? undefined : actionTable().find(pattern);
        if (action === undefined) continue;
        const fits = resources.patterns.some((arn) =>
          action.wildcardOnly ? mayMeanAll(arn) : resourceFits(action, arn),
        );
        if (fits) continue;
        yield violation({
          key: `Mismatch::${action.name}`,
          message: `${nameOf(statement)} must give \`${action.name}\` ${
            action.wildcardOnly
              ? "the resource `*`, because it takes no other"
              : "a resource that it applies to"
          }.`,
        });
      }
    }),
});

/** `*`, or an old form of it for one service: `arn:aws:s3:::*`. */
const mayMeanAll = (resourcePattern: string): boolean =>
  isEverything(resourcePattern) || /[:/]\*$/.test(resourcePattern);
