import { describe, expect, it } from "vitest";
import { iamGroupInlinePolicy } from "../../../../policy/controls/iam/group-inline-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { judge, resource, UNKNOWN } from "../../support/subject.ts";

const judged = (type: string, props: object = {}) => judge(iamGroupInlinePolicy, resource({ type, props }));

describe("IAM-020 iam-group-inline-policy", () => {
  it("reports every inline policy of a group", () => {
    for (const policy of ["{}", UNKNOWN]) {
      expect(judged("aws:iam/groupPolicy:GroupPolicy", { policy }).findings).toMatchObject([
        { key: "Policy::inline", message: "The group's policy must be a managed policy." },
      ]);
    }
  });

  it("does not apply to managed policies or to policies of roles", () => {
    expect(judged("aws:iam/groupPolicyAttachment:GroupPolicyAttachment").outcome).toBe("not applicable");
    expect(judged("aws:iam/rolePolicy:RolePolicy").outcome).toBe("not applicable");
  });

  proveControl(iamGroupInlinePolicy, { never: ["compliant", "not judged"] });
});
