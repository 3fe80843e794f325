import { describe, expect, it } from "vitest";
import { iamRolePolicyConflict } from "../../../../policy/controls/iam/role-policy-conflict.ts";
import type { StackResource } from "../../../../policy/engine/resource.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:iam::111122223333:policy/images";
const role = (props: object = {}, graph: object = {}) =>
  resource({ type: "aws:iam/role:Role", name: "role", props: { name: "processor", ...props }, ...graph });
const of = (type: string, props: object, graph: object = {}) =>
  resource({ type, name: "rival", props, ...graph });
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
const INLINE_EXCLUSIVE = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive";
const MANY = "aws:iam/policyAttachment:PolicyAttachment";
const found = (...stack: StackResource[]) => findingsOf(judge(iamRolePolicyConflict, stack));

const inlinePolicies = [{ name: "a", policy: "{}" }];
const managedPolicyArns = [ARN];

describe("IAM-013 iam-role-policy-conflict", () => {
  it.each([
    ["separate inline policies", role(), of(ROLE_POLICY, { role: "processor" })],
    ["separate attachments", role(), of(ATTACHMENT, { role: "processor", policyArn: ARN })],
    ["lists on the role", role({ inlinePolicies, managedPolicyArns }), of(ROLE_POLICY, { role: "other" })],
    [
      "inline policies on the role and separate attachments",
      role({ inlinePolicies }),
      of(ATTACHMENT, { role: "processor", policyArn: ARN }),
    ],
  ])("accepts %s", (_, ...stack) => {
    expect(found(...stack)).toEqual([]);
  });

  it.each([
    ["inlinePolicies+RolePolicy", { inlinePolicies }, of(ROLE_POLICY, { role: "processor" })],
    [
      "inlinePolicies+RolePoliciesExclusive",
      { inlinePolicies },
      of(INLINE_EXCLUSIVE, { roleName: "processor" }),
    ],
    [
      "managedPolicyArns+RolePolicyAttachment",
      { managedPolicyArns },
      of(ATTACHMENT, { role: "processor", policyArn: ARN }),
    ],
    [
      "managedPolicyArns+RolePolicyAttachmentsExclusive",
      { managedPolicyArns },
      of(EXCLUSIVE, { roleName: "processor" }),
    ],
    [
      "managedPolicyArns+PolicyAttachment",
      { managedPolicyArns },
      of(MANY, { roles: ["processor"], policyArn: ARN }),
    ],
  ])("reports %s", (key, lists, rival) => {
    expect(found(role(lists), rival)).toEqual([`role Conflict::${key}`]);
  });

  it("reports an empty list, which removes policies that other resources add", () => {
    expect(found(role({ inlinePolicies: [] }), of(ROLE_POLICY, { role: "processor" }))).toHaveLength(1);
  });

  it("matches resources by origin while the role's name is unknown", () => {
    const unnamed = role({ name: UNKNOWN, inlinePolicies });
    const rival = of(ROLE_POLICY, { role: UNKNOWN }, { propertyDependencies: { role: [unnamed] } });
    expect(found(unnamed, rival)).toHaveLength(1);
  });

  it("ignores properties that AWS filled in", () => {
    const refreshed = role({ inlinePolicies, managedPolicyArns }, { propertyDependencies: { name: [] } });
    expect(found(refreshed, of(ROLE_POLICY, { role: "processor" }))).toEqual([]);
  });

  it("reports a PolicyAttachment of a policy that another resource also attaches", () => {
    const many = resource({ type: MANY, name: "many", props: { policyArn: ARN, roles: ["a"] } });
    expect(found(many, of(ATTACHMENT, { policyArn: ARN, role: "b" }))).toEqual([
      "many Conflict::PolicyAttachment",
    ]);
    expect(found(many, of(ATTACHMENT, { policyArn: `${ARN}-2`, role: "b" }))).toEqual([]);
    const policy = resource({ type: "aws:iam/policy:Policy", name: "policy", props: { arn: UNKNOWN } });
    const unknown = { props: { policyArn: UNKNOWN }, propertyDependencies: { policyArn: [policy] } };
    expect(
      found(
        policy,
        resource({ type: MANY, name: "many", ...unknown }),
        resource({ type: ATTACHMENT, name: "one", ...unknown }),
      ),
    ).toEqual(["many Conflict::PolicyAttachment"]);
  });

  it("does not apply to a stack without roles", () => {
    expect(judge(iamRolePolicyConflict, [resource({ type: "aws:kms/key:Key" })]).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(iamRolePolicyConflict, { never: ["not judged"] });
});
