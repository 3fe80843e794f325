import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";
import { escalationsOf } from "../../iam/escalation.ts";
import { IDENTITY_TYPES, identitiesOf } from "../../iam/identities.ts";

export const iamPrivilegeEscalation = defineStackControl({
  id: "IAM-008",
  name: "iam-privilege-escalation",
  title: "No identity's policies together allow it to raise its own privileges.",
  severity: "critical",
  level: "mandatory",
  why: "Statements that are harmless on their own can together give control of the account.",
  remediation:
    "Name the exact resources of these actions, limit iam:PassRole to exact roles and services, or require a permissions boundary with a condition on iam:PermissionsBoundary.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-6"] },
  services: ["iam"],
  types: IDENTITY_TYPES,
  parameters: noParameters,
  *check(stack) {
    for (const identity of identitiesOf(stack)) {
      const { resource, unread } = identity;
      yield* judgePart(resource, function* () {
        for (const { by, paths } of escalationsOf(identity)) {
          const [first = ""] = paths;
          const more = paths.length === 1 ? "" : ` (and ${paths.length - 1} other combinations)`;
          yield violation({
            key: `Path::${by}`,
            message: `The policies together must not allow ${first}${more}, because this can raise the identity's privileges.`,
          });
        }
        yield* unread;
      });
    }
  },
});
