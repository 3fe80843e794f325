import {
  IAM_GROUP_ATTACHMENT,
  IAM_POLICY,
  IAM_POLICY_ATTACHMENT,
  IAM_ROLE,
  IAM_ROLE_ATTACHMENT,
  IAM_ROLE_ATTACHMENTS_EXCLUSIVE,
  IAM_ROLE_POLICIES_EXCLUSIVE,
  IAM_ROLE_POLICY,
  IAM_USER_ATTACHMENT,
} from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";
import { isUnknown } from "../../engine/unknown.ts";
import { isInput } from "../../iam/inputs.ts";

/** What manages a role's policies wholly, beside what adds single ones: each undoes the other at every update. */
const CONFLICTS = [
  { whole: "inlinePolicies", types: IAM_ROLE_POLICY, property: "role" },
  { whole: "inlinePolicies", types: IAM_ROLE_POLICIES_EXCLUSIVE, property: "roleName" },
  { whole: "managedPolicyArns", types: IAM_ROLE_ATTACHMENT, property: "role" },
  { whole: "managedPolicyArns", types: IAM_ROLE_ATTACHMENTS_EXCLUSIVE, property: "roleName" },
  { whole: "managedPolicyArns", types: IAM_POLICY_ATTACHMENT, property: "roles" },
] as const;

export const iamRolePolicyConflict = defineStackControl({
  id: "IAM-013",
  name: "iam-role-policy-conflict",
  title: "The policies of a role are managed in one way.",
  severity: "medium",
  level: "mandatory",
  why: "A role that lists its policies drops those that other resources gave it, at one update or the next.",
  remediation:
    "Use aws.iam.RolePolicy and aws.iam.RolePolicyAttachment, and leave inlinePolicies and managedPolicyArns of the role unset.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: [...IAM_ROLE, ...IAM_POLICY_ATTACHMENT],
  parameters: noParameters,
  *check(stack) {
    yield* judgeEach(stack.ofType(IAM_ROLE), function* (role) {
      for (const { whole, types, property } of CONFLICTS) {
        if (!isInput(role, whole)) continue;
        const rivals = stack
          .ofType(types)
          .filter((each) => stack.namedBy(each, property, IAM_ROLE).includes(role));
        const [rival] = rivals;
        if (rival === undefined) continue;
        const type = rival.type.split(":").at(-1);
        yield violation({
          key: `Conflict::${whole}+${type}`,
          message: `The role must not set \`${whole}\` while a ${type} gives it policies as well.`,
        });
      }
    });
    yield* judgeEach(stack.ofType(IAM_POLICY_ATTACHMENT), function* (attachment) {
      if (!stack.ofType(SINGLE_ATTACHMENTS).some((single) => attachesTheSame(stack, attachment, single)))
        return;
      yield violation({
        key: "Conflict::PolicyAttachment",
        message:
          "The policy must not be attached by other resources as well: a PolicyAttachment takes it from all others.",
      });
    });
  },
});

const SINGLE_ATTACHMENTS = [...IAM_ROLE_ATTACHMENT, ...IAM_USER_ATTACHMENT, ...IAM_GROUP_ATTACHMENT];

const attachesTheSame = (stack: StackView, a: StackResource, b: StackResource): boolean => {
  const arn = a.props.value("policyArn");
  if (!isUnknown(arn) && arn === b.props.value("policyArn")) return true;
  const [policy] = stack.namedBy(a, "policyArn", IAM_POLICY);
  return policy !== undefined && stack.namedBy(b, "policyArn", IAM_POLICY).includes(policy);
};
