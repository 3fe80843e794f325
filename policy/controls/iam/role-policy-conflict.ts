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

/** Properties that manage all of a role's policies, and resources that add single ones. Each undoes the other. */
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
  title: "A role's policies are managed in only one way.",
  severity: "medium",
  level: "mandatory",
  why: "A role that lists its policies removes, at some update, the policies that other resources add.",
  remediation:
    "Use aws.iam.RolePolicy and aws.iam.RolePolicyAttachment, and leave the role's inlinePolicies and managedPolicyArns unset.",
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
          message: `The role must not set \`${whole}\` while a ${type} also manages its policies.`,
        });
      }
    });
    yield* judgeEach(stack.ofType(IAM_POLICY_ATTACHMENT), function* (attachment) {
      if (!stack.ofType(SINGLE_ATTACHMENTS).some((single) => attachesTheSame(stack, attachment, single)))
        return;
      yield violation({
        key: "Conflict::PolicyAttachment",
        message:
          "No other resource may attach this policy: a PolicyAttachment detaches it from all other identities.",
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
