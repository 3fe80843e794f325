import { describe, expect, it } from "vitest";
import { snsTopicEncryption } from "../../../../policy/controls/sns/topic-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const topic = (props: object) => resource({ type: "aws:sns/topic:Topic", props });
const judgeTopic = (props: object, parameters = {}) =>
  judge(snsTopicEncryption, topic(props), { parameters });

describe("SNS-001 sns-topic-encryption", () => {
  it.each(["alias/images", KEY])("accepts a customer-managed key: %s", (kmsMasterKeyId) => {
    expect(judgeTopic({ kmsMasterKeyId }).outcome).toBe("compliant");
  });

  it.each([
    ["a topic without a key", {}, "subject Encryption::disabled"],
    ["an empty key", { kmsMasterKeyId: "" }, "subject Encryption::disabled"],
    ["the AWS-managed key", { kmsMasterKeyId: "alias/aws/sns" }, "subject Encryption::aws-managed-key"],
    [
      "the ARN of the AWS-managed key",
      { kmsMasterKeyId: "arn:aws:kms:eu-west-1:111122223333:alias/aws/sns" },
      "subject Encryption::aws-managed-key",
    ],
  ])("reports %s", (_, props, finding) => {
    expect(findingsOf(judgeTopic(props))).toEqual([finding]);
  });

  it("accepts the AWS-managed key when the config allows it, but reports a topic without a key", () => {
    const parameters = { customerManagedKey: false };
    expect(judgeTopic({ kmsMasterKeyId: "alias/aws/sns" }, parameters).outcome).toBe("compliant");
    expect(judgeTopic({}, parameters).outcome).toBe("violation");
  });

  it("does not judge an unknown key", () => {
    expect(judgeTopic({ kmsMasterKeyId: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: "kmsMasterKeyId" }],
    });
  });

  it("reports a key that is not a string", () => {
    expect(findingsOf(judgeTopic({ kmsMasterKeyId: 7 }))).toEqual(["subject Malformed::kmsMasterKeyId"]);
  });

  it("does not apply to other types", () => {
    expect(judge(snsTopicEncryption, resource({ type: "aws:sqs/queue:Queue" })).outcome).toBe(
      "not applicable",
    );
  });

  it("sets the key from the config when it remediates, and keeps an existing key", () => {
    const parameters = { remediationKey: KEY };
    for (const props of [{}, { kmsMasterKeyId: "alias/aws/sns" }]) {
      expect(remedy(snsTopicEncryption, topic(props), { parameters })).toEqual({ kmsMasterKeyId: KEY });
    }
    expect(remedy(snsTopicEncryption, topic({ kmsMasterKeyId: "alias/own" }), { parameters })).toEqual({});
    expect(remedy(snsTopicEncryption, topic({}))).toEqual({});
  });

  proveControl(snsTopicEncryption);
});
