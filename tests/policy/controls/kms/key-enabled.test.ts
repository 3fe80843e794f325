import { describe, expect, it } from "vitest";
import { kmsKeyEnabled } from "../../../../policy/controls/kms/key-enabled.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeKey = (props: object, type = "aws:kms/key:Key") => judge(kmsKeyEnabled, resource({ type, props }));

describe("KMS-003 kms-key-enabled", () => {
  it("accepts a key that is enabled, explicitly or by default", () => {
    expect(judgeKey({}).outcome).toBe("compliant");
    expect(judgeKey({ isEnabled: true }).outcome).toBe("compliant");
  });

  it.each([
    ["aws:kms/key:Key", { isEnabled: false }],
    ["aws:kms/replicaKey:ReplicaKey", { enabled: false }],
    ["aws:kms/externalKey:ExternalKey", { enabled: false }],
  ])("reports a disabled %s", (type, props) => {
    expect(findingsOf(judgeKey(props, type))).toEqual(["subject Key::disabled"]);
  });

  it("does not judge an unknown setting", () => {
    expect(judgeKey({ isEnabled: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeKey({ enabled: false }, "aws:lambda/eventSourceMapping:EventSourceMapping").outcome).toBe(
      "not applicable",
    );
  });

  proveControl(kmsKeyEnabled);
});
