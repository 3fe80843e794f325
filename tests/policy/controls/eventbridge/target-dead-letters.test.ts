import { describe, expect, it } from "vitest";
import { eventbridgeTargetDeadLetters } from "../../../../policy/controls/eventbridge/target-dead-letters.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const QUEUE = { arn: "arn:aws:sqs:eu-west-1:111122223333:dead" };
const judgeTarget = (props: object, type = TARGET) =>
  judge(eventbridgeTargetDeadLetters, resource({ type, props }));

describe("EVENTBRIDGE-003 eventbridge-target-dead-letters", () => {
  it("accepts a target and a schedule with a dead-letter queue, known or unknown", () => {
    for (const deadLetterConfig of [QUEUE, { arn: UNKNOWN }]) {
      expect(judgeTarget({ deadLetterConfig }).outcome).toBe("compliant");
      expect(judgeTarget({ target: { deadLetterConfig } }, SCHEDULE).outcome).toBe("compliant");
    }
  });

  it.each([
    [TARGET, {}],
    [TARGET, { deadLetterConfig: {} }],
    [SCHEDULE, { target: {} }],
    [SCHEDULE, { target: {}, deadLetterConfig: QUEUE }],
  ])("reports a %s without a dead-letter queue: %o", (type, props) => {
    expect(findingsOf(judgeTarget(props, type))).toEqual(["subject DeadLetters::missing"]);
  });

  it("does not judge an unknown configuration", () => {
    expect(judgeTarget({ deadLetterConfig: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to rules", () => {
    expect(judgeTarget({}, "aws:cloudwatch/eventRule:EventRule").outcome).toBe("not applicable");
  });

  proveControl(eventbridgeTargetDeadLetters);
});
