import { describe, expect, it } from "vitest";
import { sqsQueueEncryption } from "../../../../policy/controls/sqs/queue-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const queue = (props: object) => resource({ type: "aws:sqs/queue:Queue", props });
const judgeQueue = (props: object, parameters = {}) =>
  judge(sqsQueueEncryption, queue(props), { parameters });

describe("SQS-001 sqs-queue-encryption", () => {
  it.each(["alias/images", KEY])("accepts a customer-managed key: %s", (kmsMasterKeyId) => {
    expect(judgeQueue({ kmsMasterKeyId }).outcome).toBe("compliant");
  });

  it.each([
    ["a queue with SQS's own keys", {}, "subject Encryption::sqs-managed-key"],
    ["an empty key", { kmsMasterKeyId: "" }, "subject Encryption::sqs-managed-key"],
    ["a queue without encryption", { sqsManagedSseEnabled: false }, "subject Encryption::disabled"],
    ["the AWS-managed key", { kmsMasterKeyId: "alias/aws/sqs" }, "subject Encryption::aws-managed-key"],
    [
      "the ARN of the AWS-managed key",
      { kmsMasterKeyId: "arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs" },
      "subject Encryption::aws-managed-key",
    ],
  ])("reports %s", (_, props, finding) => {
    expect(findingsOf(judgeQueue(props))).toEqual([finding]);
  });

  it("accepts AWS's keys when the config allows it, but reports a queue without encryption", () => {
    const parameters = { customerManagedKey: false };
    expect(judgeQueue({}, parameters).outcome).toBe("compliant");
    expect(judgeQueue({ kmsMasterKeyId: "alias/aws/sqs" }, parameters).outcome).toBe("compliant");
    expect(judgeQueue({ sqsManagedSseEnabled: false }, parameters).outcome).toBe("violation");
  });

  it("does not judge an unknown key", () => {
    expect(judgeQueue({ kmsMasterKeyId: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "unknown", path: "kmsMasterKeyId" }],
    });
  });

  it("reports a key that is not a string", () => {
    expect(findingsOf(judgeQueue({ kmsMasterKeyId: 7 }))).toEqual(["subject Malformed::kmsMasterKeyId"]);
  });

  it("does not apply to other types", () => {
    expect(judge(sqsQueueEncryption, resource({ type: "aws:sns/topic:Topic" })).outcome).toBe(
      "not applicable",
    );
  });

  it("sets the key from the config when it remediates, and keeps an existing key", () => {
    const parameters = { remediationKey: KEY };
    for (const props of [{}, { kmsMasterKeyId: "alias/aws/sqs" }]) {
      expect(remedy(sqsQueueEncryption, queue(props), { parameters })).toEqual({ kmsMasterKeyId: KEY });
    }
    expect(remedy(sqsQueueEncryption, queue({ kmsMasterKeyId: "alias/own" }), { parameters })).toEqual({});
    expect(remedy(sqsQueueEncryption, queue({}))).toEqual({});
  });

  it("enables SQS's own keys when it remediates disabled encryption and the config accepts them", () => {
    const off = queue({ sqsManagedSseEnabled: false });
    expect(remedy(sqsQueueEncryption, off, { parameters: { customerManagedKey: false } })).toEqual({
      sqsManagedSseEnabled: true,
    });
    expect(remedy(sqsQueueEncryption, off, { parameters: { remediationKey: KEY } })).toEqual({});
  });

  proveControl(sqsQueueEncryption);
});
