import { describe, expect, it } from "vitest";
import { sqsDeadLetterRetention } from "../../../../policy/controls/sqs/dead-letter-retention.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const queue = (name: string, props: object = {}) =>
  resource({ type: "aws:sqs/queue:Queue", name, props: { name, arn: arnOf(name), ...props } });
const judgeRetention = (ofSource: unknown, ofDead: unknown, props = {}) =>
  judge(sqsDeadLetterRetention, [
    queue("ingest", {
      ...props,
      messageRetentionSeconds: ofSource,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 5 }),
    }),
    queue("dead", { ...props, messageRetentionSeconds: ofDead }),
  ]);
const FINDING = ["dead Retention::ingest"];

describe("SQS-006 sqs-dead-letter-retention", () => {
  it.each([
    ["a longer retention", 345_600, 1_209_600],
    ["a longer retention than the default", undefined, 345_601],
    ["the default, with a shorter retention of the source queue", 60, undefined],
  ])("accepts %s", (_, ofSource, ofDead) => {
    expect(judgeRetention(ofSource, ofDead).outcome).toBe("compliant");
  });

  it.each([
    ["the same retention", 1_209_600, 1_209_600],
    ["a shorter retention", 345_600, 60],
    ["the default for both", undefined, undefined],
  ])("reports %s", (_, ofSource, ofDead) => {
    expect(findingsOf(judgeRetention(ofSource, ofDead))).toEqual(FINDING);
  });

  it("accepts the same retention for FIFO queues", () => {
    expect(judgeRetention(60, 60, { fifoQueue: true }).outcome).toBe("compliant");
  });

  it("accepts any retention of a queue that is not a dead-letter queue", () => {
    expect(judge(sqsDeadLetterRetention, [queue("ingest")]).outcome).toBe("compliant");
  });

  it("does not judge an unknown retention", () => {
    expect(judgeRetention(UNKNOWN, 60).outcome).toBe("not judged");
  });

  it("does not apply to a stack without queues", () => {
    expect(judge(sqsDeadLetterRetention, [resource({ type: "aws:sns/topic:Topic" })]).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(sqsDeadLetterRetention);
});
