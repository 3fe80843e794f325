import { describe, expect, it } from "vitest";
import { lambdaPartialBatches } from "../../../../policy/controls/lambda/partial-batches.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const QUEUE = "arn:aws:sqs:eu-west-1:111122223333:ingest";
const judgeMapping = (props: object) =>
  judge(lambdaPartialBatches, resource({ type: "aws:lambda/eventSourceMapping:EventSourceMapping", props }));

describe("LAMBDA-007 lambda-partial-batches", () => {
  it.each([
    [
      "a mapping that reports failures",
      { functionResponseTypes: ["ReportBatchItemFailures"], eventSourceArn: QUEUE },
    ],
    [
      "a mapping that reports failures, with an unknown source",
      { functionResponseTypes: ["ReportBatchItemFailures"], eventSourceArn: UNKNOWN },
    ],
    ["a batch size of one", { batchSize: 1, eventSourceArn: QUEUE }],
    [
      "a source that does not support such reports",
      { eventSourceArn: "arn:aws:kafka:eu-west-1:111122223333:cluster/c" },
    ],
  ])("accepts %s", (_, props) => {
    expect(judgeMapping(props).outcome).toBe("compliant");
  });

  it.each([
    ["a queue", QUEUE],
    ["a stream", "arn:aws:kinesis:eu-west-1:111122223333:stream/s"],
    ["a table's stream", "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2026"],
  ])("reports a mapping of %s that does not report failures", (_, eventSourceArn) => {
    for (const batchSize of [undefined, 10]) {
      expect(findingsOf(judgeMapping({ eventSourceArn, batchSize }))).toEqual([
        "subject PartialBatches::missing",
      ]);
    }
  });

  it("does not judge a mapping with an unknown source", () => {
    expect(judgeMapping({ eventSourceArn: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "eventSourceArn" }],
    });
  });

  it("does not apply to functions", () => {
    const type = "aws:lambda/function:Function";
    expect(judge(lambdaPartialBatches, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(lambdaPartialBatches);
});
