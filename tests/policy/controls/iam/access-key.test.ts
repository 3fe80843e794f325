import { describe, expect, it } from "vitest";
import { iamAccessKey } from "../../../../policy/controls/iam/access-key.ts";
import { proveControl } from "../../support/proof.ts";
import { judge, resource, UNKNOWN } from "../../support/subject.ts";

const judged = (props: object = {}) =>
  judge(iamAccessKey, resource({ type: "aws:iam/accessKey:AccessKey", props }));

describe("IAM-021 iam-access-key", () => {
  it.each([{}, { status: "Active" }, { pgpKey: "keybase:owner" }])(
    "reports an access key with %j",
    (props) => {
      expect(judged({ user: "ci", ...props }).findings).toMatchObject([
        { key: "AccessKey::active", message: "The program must not create an access key." },
      ]);
    },
  );

  it("accepts an inactive access key", () => {
    expect(judged({ user: "ci", status: "Inactive" }).outcome).toBe("compliant");
  });

  it("does not judge an unknown status", () => {
    expect(judged({ status: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judge(iamAccessKey, resource({ type: "aws:iam/user:User" })).outcome).toBe("not applicable");
  });

  proveControl(iamAccessKey);
});
