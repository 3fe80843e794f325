import { describe, expect, it } from "vitest";
import { iamUserPolicy } from "../../../../policy/controls/iam/user-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { judge, resource, UNKNOWN } from "../../support/subject.ts";

const MANY = "aws:iam/policyAttachment:PolicyAttachment";
const judged = (type: string, props: object = {}) => judge(iamUserPolicy, resource({ type, props }));

describe("IAM-019 iam-user-policy", () => {
  it.each(["aws:iam/userPolicy:UserPolicy", "aws:iam/userPolicyAttachment:UserPolicyAttachment"])(
    "reports %s",
    (type) => {
      expect(judged(type).findings).toMatchObject([
        { key: "User::policy", message: "The policy must not be attached to a user directly." },
      ]);
    },
  );

  it("reports a PolicyAttachment with users, and accepts one without", () => {
    expect(judged(MANY, { users: ["ci"] }).findings).toMatchObject([{ key: "User::policy" }]);
    expect(judged(MANY, { users: [], roles: ["a"] }).outcome).toBe("compliant");
    expect(judged(MANY, { roles: ["a"] }).outcome).toBe("not applicable");
  });

  it("does not judge unknown users", () => {
    expect(judged(MANY, { users: UNKNOWN }).outcome).toBe("not judged");
    expect(judged(MANY, { users: [UNKNOWN] }).outcome).toBe("not judged");
  });

  it("does not apply to policies of groups or roles", () => {
    expect(judged("aws:iam/groupPolicy:GroupPolicy").outcome).toBe("not applicable");
    expect(judged("aws:iam/rolePolicy:RolePolicy").outcome).toBe("not applicable");
  });

  proveControl(iamUserPolicy);
});
