import { describe, expect, it } from "vitest";
import { sqsVisibilityTimeout } from "../../../../policy/controls/sqs/visibility-timeout.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:ingest";
const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:resize";
const queue = (props: object) =>
  resource({ type: "aws:sqs/queue:Queue", name: "ingest", props: { arn: QUEUE_ARN, ...props } });
const consumer = (props: object) =>
  resource({
    type: "aws:lambda/function:Function",
    name: "resizer",
    props: { name: "resize", arn: FUNCTION_ARN, ...props },
  });
const mapping = (props: object = {}) =>
  resource({
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    name: "mapping",
    props: { eventSourceArn: QUEUE_ARN, functionName: "resize", ...props },
  });
const judgeTimeouts = (visible: unknown, timeout: unknown, map = {}, parameters = {}) =>
  judge(
    sqsVisibilityTimeout,
    [queue({ visibilityTimeoutSeconds: visible }), consumer({ timeout }), mapping(map)],
    { parameters },
  );
const TOO_SHORT = ["ingest VisibilityTimeout::resizer"];

describe("SQS-004 sqs-visibility-timeout", () => {
  it.each([
    ["six times the timeout", 360, 60, {}],
    ["more", 1000, 60, {}],
    ["six times the timeout and the batching window", 390, 60, { maximumBatchingWindowInSeconds: 30 }],
    ["the defaults of both services", undefined, undefined, {}],
  ])("accepts %s", (_, visible, timeout, map) => {
    expect(judgeTimeouts(visible, timeout, map).outcome).toBe("compliant");
  });

  it.each([
    ["less than six times the timeout", 359, 60, {}],
    ["six times the timeout without the batching window", 360, 60, { maximumBatchingWindowInSeconds: 1 }],
    ["the queue's default with a longer timeout", undefined, 6, {}],
    ["less than six times the function's default timeout", 17, undefined, {}],
  ])("reports %s", (_, visible, timeout, map) => {
    expect(findingsOf(judgeTimeouts(visible, timeout, map))).toEqual(TOO_SHORT);
  });

  it("names the required timeout, and the batching window if there is one", () => {
    expect(judgeTimeouts(30, 60).findings[0]?.message).toBe(
      "`visibilityTimeoutSeconds` must be at least 6 times the timeout of resizer.",
    );
    expect(judgeTimeouts(30, 60, { maximumBatchingWindowInSeconds: 1 }).findings[0]?.message).toBe(
      "`visibilityTimeoutSeconds` must be at least 6 times the timeout of resizer, plus the batching window of mapping.",
    );
  });

  it.each(["resize:live", FUNCTION_ARN, `${FUNCTION_ARN}:7`])(
    "matches the function by %s",
    (functionName) => {
      expect(findingsOf(judgeTimeouts(30, 60, { functionName }))).toEqual(TOO_SHORT);
    },
  );

  it("reads the number of timeouts from the config", () => {
    expect(judgeTimeouts(60, 60, {}, { timeouts: 1 }).outcome).toBe("compliant");
    expect(judgeTimeouts(60, 60, {}, { timeouts: 0.5 }).outcome).toBe("violation");
  });

  it("ignores a function of another stack with a similar name", () => {
    expect(judgeTimeouts(30, 60, { functionName: "resize-too" }).outcome).toBe("compliant");
    expect(judge(sqsVisibilityTimeout, [queue({}), mapping()]).outcome).toBe("compliant");
  });

  it("does not judge while the timeout or the function is unknown", () => {
    expect(judgeTimeouts(30, UNKNOWN).outcome).toBe("not judged");
    expect(judgeTimeouts(30, 60, { functionName: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "mapping.functionName", resource: { name: "ingest" } }],
    });
  });

  it("does not apply to a stack without queues", () => {
    expect(judge(sqsVisibilityTimeout, [consumer({}), mapping()]).outcome).toBe("not applicable");
  });

  proveControl(sqsVisibilityTimeout);
});
