import { describe, expect, it } from "vitest";
import { cloudwatchLogGroupEncryption } from "../../../../policy/controls/cloudwatch/log-group-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const group = (kmsKeyId: unknown) =>
  resource({ type: "aws:cloudwatch/logGroup:LogGroup", props: { kmsKeyId } });

describe("CLOUDWATCH-001 cloudwatch-log-group-encryption", () => {
  it("accepts a key, known or unknown", () => {
    expect(judge(cloudwatchLogGroupEncryption, group(KEY)).outcome).toBe("compliant");
    expect(judge(cloudwatchLogGroupEncryption, group(UNKNOWN)).outcome).toBe("compliant");
  });

  it.each([undefined, ""])("reports %o as the key", (key) => {
    expect(findingsOf(judge(cloudwatchLogGroupEncryption, group(key)))).toEqual([
      "subject Encryption::logs-managed-key",
    ]);
  });

  it("does not apply to other types", () => {
    const stream = resource({ type: "aws:cloudwatch/logStream:LogStream" });
    expect(judge(cloudwatchLogGroupEncryption, stream).outcome).toBe("not applicable");
  });

  it("sets the key from the config when it remediates", () => {
    const parameters = { remediationKey: KEY };
    expect(remedy(cloudwatchLogGroupEncryption, group(""), { parameters })).toEqual({ kmsKeyId: KEY });
    expect(remedy(cloudwatchLogGroupEncryption, group(UNKNOWN), { parameters })).toEqual({});
    expect(remedy(cloudwatchLogGroupEncryption, group(""))).toEqual({});
  });

  proveControl(cloudwatchLogGroupEncryption, { never: ["not judged"] });
});
