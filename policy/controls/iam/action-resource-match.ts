import { actionTable, resourceFits } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isEverything } from "../../iam/grant.ts";

export const iamActionResourceMatch = defineResourceControl({
  id: "IAM-005",
  name: "iam-action-resource-match",
  title: "Each action that an identity policy allows can act on a resource of its statement.",
  severity: "medium",
  level: "mandatory",
  why: "Such a grant does nothing, so the code fails where it needs it, and the usual repair is a `*`.",
  remediation:
    "Give the action a resource of its kind: objects as `bucket/*`, actions that know no resource as `*`.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* ({ effect, actions, resources, ...statement }) {
      if (effect === "Deny" || actions.negated || resources === undefined || resources.negated) return;
      for (const pattern of actions.patterns) {
        // A wildcard is meant to match more than fits.
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
              ? "the resource `*`, since it knows no other"
              : "a resource that it can act on"
          }.`,
        });
      }
    }),
});

/** `*`, or the old way to write it for one service: `arn:aws:s3:::*`. */
const mayMeanAll = (resourcePattern: string): boolean =>
  isEverything(resourcePattern) || /[:/]\*$/.test(resourcePattern);
