import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgeApart, violation } from "../../engine/judgement.ts";
import { escalationsOf } from "../../iam/escalation.ts";
import { IDENTITY_TYPES, identitiesOf } from "../../iam/identities.ts";

export const iamPrivilegeEscalation = defineStackControl({
  id: "IAM-008",
  name: "iam-privilege-escalation",
  title: "No identity can raise its own privileges by what its policies allow together.",
  severity: "critical",
  level: "mandatory",
  why: "Harmless statements in several policies can add up to administration of the account.",
  remediation:
    "Name the exact resources of these actions, limit iam:PassRole to exact roles and services, or demand a permissions boundary by a condition on iam:PermissionsBoundary.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-6"] },
  services: ["iam"],
  types: IDENTITY_TYPES,
  parameters: noParameters,
  *check(stack) {
    for (const identity of identitiesOf(stack)) {
      const { resource, unread } = identity;
      yield* judgeApart(resource, function* () {
        for (const { by, paths } of escalationsOf(identity)) {
          const [first = ""] = paths;
          const more = paths.length === 1 ? "" : ` and ${paths.length - 1} other ways`;
          yield violation({
            key: `Path::${by}`,
            message: `The policies together must not allow ${first}${more}: a way to more privileges.`,
          });
        }
        yield* unread;
      });
    }
  },
});
