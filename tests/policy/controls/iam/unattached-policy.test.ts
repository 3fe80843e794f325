import { describe, expect, it } from "vitest";
import { iamUnattachedPolicy } from "../../../../policy/controls/iam/unattached-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:iam::111122223333:policy/images";
const policy = resource({ type: "aws:iam/policy:Policy", name: "policy", props: { arn: ARN } });
const user = (type: string, props: object, graph: object = {}) =>
  resource({ type, name: "user", props, ...graph });

describe("IAM-018 iam-unattached-policy", () => {
  it.each([
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: ARN }],
    ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: ARN }],
    ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: ARN }],
    ["aws:iam/policyAttachment:PolicyAttachment", { policyArn: ARN }],
    ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", { policyArns: [ARN] }],
    ["aws:iam/role:Role", { managedPolicyArns: [ARN] }],
    ["aws:iam/role:Role", { permissionsBoundary: ARN }],
    ["aws:iam/user:User", { permissionsBoundary: ARN }],
  ])("accepts a policy used by %s as %j", (type, props) => {
    expect(findingsOf(judge(iamUnattachedPolicy, [policy, user(type, props)]))).toEqual([]);
  });

  it("accepts a policy that a permission set depends on", () => {
    const type = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment";
    expect(
      findingsOf(judge(iamUnattachedPolicy, [policy, user(type, {}, { dependencies: [policy] })])),
    ).toEqual([]);
  });

  it("matches a policy by origin while its ARN is unknown", () => {
    const unknown = resource({ type: "aws:iam/policy:Policy", name: "policy", props: { arn: UNKNOWN } });
    const attachment = user(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { policyArn: UNKNOWN },
      { propertyDependencies: { policyArn: [unknown] } },
    );
    expect(findingsOf(judge(iamUnattachedPolicy, [unknown, attachment]))).toEqual([]);
    expect(findingsOf(judge(iamUnattachedPolicy, [unknown]))).toEqual(["policy Policy::unattached"]);
  });

  it("does not judge a policy that an unknown ARN from outside the stack may name", () => {
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const attachment = user(type, { policyArn: UNKNOWN }, { propertyDependencies: { policyArn: [] } });
    expect(judge(iamUnattachedPolicy, [policy, attachment])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "user.policyArn", resource: { name: "policy" } }],
    });
  });

  it("ignores role policies that AWS will fill in", () => {
    const role = user(
      "aws:iam/role:Role",
      { managedPolicyArns: UNKNOWN },
      { propertyDependencies: { name: [] } },
    );
    expect(findingsOf(judge(iamUnattachedPolicy, [policy, role]))).toEqual(["policy Policy::unattached"]);
  });

  it("reports a policy that nothing uses", () => {
    const attachment = user("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: `${ARN}-2` });
    expect(judge(iamUnattachedPolicy, [policy, attachment]).findings).toMatchObject([
      {
        key: "Policy::unattached",
        message: "The policy must be attached to a role, group or user of the stack.",
        resource: { name: "policy" },
      },
    ]);
  });

  it("does not apply to a stack without managed policies", () => {
    expect(judge(iamUnattachedPolicy, [user("aws:iam/role:Role", {})]).outcome).toBe("not applicable");
  });

  proveControl(iamUnattachedPolicy);
});
