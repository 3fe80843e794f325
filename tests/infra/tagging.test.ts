import { expect, test } from "vitest";
import { EMAIL, runProgram } from "../support/program.ts";

test("whatever AWS lets carry tags, carries the stack's", async () => {
  const { resources } = await runProgram({ config: { email: EMAIL, tags: '{"CostCentre":"1234"}' } });
  const tagged = resources.filter(({ inputs }) => inputs["tags"] !== undefined);
  for (const { inputs } of tagged) {
    expect(inputs["tags"]).toEqual({ Project: "image-pipeline", Stack: "dev", CostCentre: "1234" });
  }
  expect(new Set(tagged.map(({ type }) => type))).toEqual(
    new Set([
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:dynamodb/table:Table",
      "aws:iam/role:Role",
      "aws:kms/key:Key",
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "aws:lambda/function:Function",
      "aws:s3/bucket:Bucket",
      "aws:sns/topic:Topic",
      "aws:sqs/queue:Queue",
    ]),
  );
});
