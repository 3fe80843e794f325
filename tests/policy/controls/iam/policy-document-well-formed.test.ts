import { describe, expect, it } from "vitest";
import { iamPolicyDocumentWellFormed } from "../../../../policy/controls/iam/policy-document-well-formed.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const queuePolicy = (policy: unknown) =>
  resource({ type: "aws:sqs/queuePolicy:QueuePolicy", props: { policy } });
const STATEMENT = {
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: "arn:aws:sqs:eu-west-1:111122223333:ingest",
};
const judgePolicy = (policy: unknown) => judge(iamPolicyDocumentWellFormed, queuePolicy(policy));

describe("IAM-001 iam-policy-document-well-formed", () => {
  it("accepts a valid document, as text and as an object", () => {
    expect(judgePolicy({ Statement: STATEMENT }).outcome).toBe("compliant");
    expect(judgePolicy(JSON.stringify({ Statement: [STATEMENT] })).outcome).toBe("compliant");
  });

  it.each([
    ["text that is not JSON", "{", "Document::policy"],
    [
      "an invalid effect",
      { Statement: { ...STATEMENT, Effect: "allow" } },
      "Document::policy Statement[0].Effect",
    ],
    [
      "a missing principal",
      { Statement: { ...STATEMENT, Principal: undefined } },
      "Document::policy Statement[0]",
    ],
  ])("reports %s", (_, policy, key) => {
    expect(findingsOf(judgePolicy(policy))).toEqual([`subject ${key}`]);
  });

  it("never quotes the document", () => {
    const [finding] = judgePolicy('{"Statement": hunter2').findings;
    expect(finding?.message).toBe("`policy` must be valid JSON.");
  });

  it("does not judge an unknown document", () => {
    expect(judgePolicy(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to a key with AWS's default policy or to other types", () => {
    for (const type of ["aws:kms/key:Key", "aws:sns/topicSubscription:TopicSubscription"]) {
      expect(judge(iamPolicyDocumentWellFormed, resource({ type })).outcome).toBe("not applicable");
    }
  });

  proveControl(iamPolicyDocumentWellFormed);
});
