import { describe, expect, it } from "vitest";
import { sqsQueueTlsOnly } from "../../../../policy/controls/sqs/queue-tls-only.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const DENY = {
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: "arn:aws:sqs:eu-west-1:111122223333:ingest",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/ingest";
const queue = (props: object = { name: "ingest", url: URL }) =>
  resource({ type: "aws:sqs/queue:Queue", name: "queue", props });
const policy = (statement: object, queueUrl: unknown = URL, propertyDependencies = {}) =>
  resource({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    name: "policy",
    props: { queueUrl, policy: JSON.stringify({ Statement: statement }) },
    propertyDependencies,
  });

describe("SQS-002 sqs-queue-tls-only", () => {
  it("accepts a policy that denies plain HTTP, separate or inline", () => {
    expect(judge(sqsQueueTlsOnly, [queue(), policy(DENY)]).outcome).toBe("compliant");
    const inline = queue({ name: "ingest", policy: JSON.stringify({ Statement: DENY }) });
    expect(judge(sqsQueueTlsOnly, [inline]).outcome).toBe("compliant");
  });

  it("matches a policy by its origin while the queue's URL is unknown", () => {
    const ingest = queue({ name: "ingest", url: UNKNOWN });
    const verdict = judge(sqsQueueTlsOnly, [ingest, policy(DENY, UNKNOWN, { queueUrl: [ingest] })]);
    expect(verdict.outcome).toBe("compliant");
  });

  it.each([
    ["sqs:SendMessage only", { ...DENY, Action: "sqs:SendMessage" }],
    ["requests on another queue", { ...DENY, Resource: "arn:aws:sqs:eu-west-1:111122223333:other" }],
    [
      "requests under other conditions",
      { ...DENY, Condition: undefined, Principal: { AWS: "111122223333" } },
    ],
  ])("reports a denial of %s", (_, statement) => {
    expect(findingsOf(judge(sqsQueueTlsOnly, [queue(), policy(statement)]))).toEqual([
      "queue Transport::queue",
    ]);
  });

  it("reports a queue without a policy, even if AWS will fill in the property", () => {
    expect(findingsOf(judge(sqsQueueTlsOnly, [queue()]))).toEqual(["queue Transport::policy-missing"]);
    const atPreview = queue({ name: "ingest", policy: UNKNOWN });
    expect(findingsOf(judge(sqsQueueTlsOnly, [atPreview]))).toEqual(["queue Transport::policy-missing"]);
  });

  it("does not judge while a policy's queue is unknown", () => {
    expect(judge(sqsQueueTlsOnly, [queue(), policy(DENY, UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without queues", () => {
    expect(judge(sqsQueueTlsOnly, [policy(DENY)]).outcome).toBe("not applicable");
  });

  proveControl(sqsQueueTlsOnly);
});
