import {
  IAM_GROUP_ATTACHMENT,
  IAM_POLICY,
  IAM_POLICY_ATTACHMENT,
  IAM_ROLE,
  IAM_ROLE_ATTACHMENT,
  IAM_ROLE_ATTACHMENTS_EXCLUSIVE,
  IAM_USER,
  IAM_USER_ATTACHMENT,
  SSO_CUSTOMER_POLICY_ATTACHMENT,
} from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { notJudged, violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";
import { isInput } from "../../iam/inputs.ts";

/** The properties that put a policy to use. */
const USES = [
  ...[...IAM_ROLE_ATTACHMENT, ...IAM_USER_ATTACHMENT, ...IAM_GROUP_ATTACHMENT, ...IAM_POLICY_ATTACHMENT].map(
    (type) => ({ type, property: "policyArn" }),
  ),
  ...IAM_ROLE_ATTACHMENTS_EXCLUSIVE.map((type) => ({ type, property: "policyArns" })),
  ...IAM_ROLE.flatMap((type) => [
    { type, property: "managedPolicyArns" },
    { type, property: "permissionsBoundary" },
  ]),
  ...IAM_USER.map((type) => ({ type, property: "permissionsBoundary" })),
];

export const iamUnattachedPolicy = defineStackControl({
  id: "IAM-018",
  name: "iam-unattached-policy",
  title: "Each managed policy of the stack is attached.",
  severity: "low",
  level: "advisory",
  why: "Nobody maintains a policy that is not in use, but anyone who may attach policies can use it.",
  remediation: "Attach the policy or remove it.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-6"] },
  services: ["iam"],
  types: IAM_POLICY,
  parameters: noParameters,
  check: (stack) => {
    const used = policiesInUse(stack);
    return judgeEach(stack.ofType(IAM_POLICY), function* (policy) {
      if (used.has(policy)) return;
      const undecided = undecidedUse(stack, policy);
      if (undecided !== undefined) {
        yield notJudged(undecided);
        return;
      }
      yield violation({
        key: "Policy::unattached",
        message: "The policy must be attached to a role, group or user of the stack.",
      });
    });
  },
});

/** An input that may name the policy: unknown and of unknown origin. Properties that AWS fills in are not inputs. */
const undecidedUse = (stack: StackView, policy: StackResource): string | undefined => {
  for (const { type, property } of USES) {
    for (const user of stack.ofType([type])) {
      if (isInput(user, property) && stack.refers(user, property, policy) === undefined) {
        return `${user.name}.${property}`;
      }
    }
  }
  return undefined;
};

const policiesInUse = (stack: StackView): ReadonlySet<StackResource> => {
  const used = USES.flatMap(({ type, property }) =>
    stack.ofType([type]).flatMap((user) => stack.namedBy(user, property, IAM_POLICY)),
  );
  // A permission set names the policy by name, inside an object.
  const dependants = stack.ofType(SSO_CUSTOMER_POLICY_ATTACHMENT).flatMap(({ dependencies }) => dependencies);
  return new Set([...used, ...dependants.flatMap((urn) => stack.byUrn(urn) ?? [])]);
};
