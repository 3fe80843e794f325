import { expect, test } from "vitest";
import { EMAIL, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();
const TOPIC = "arn:aws:mock:eu-central-1:123456789012:notices-topic";

test.each([
  [
    "dead-letters",
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "Maximum",
    { QueueName: "image-pipeline-dev-ingest-dead-letters" },
    1,
  ],
  [
    "backlog",
    "AWS/SQS",
    "ApproximateAgeOfOldestMessage",
    "Maximum",
    { QueueName: "image-pipeline-dev-ingest" },
    900,
  ],
  ["errors", "AWS/Lambda", "Errors", "Sum", { FunctionName: "image-pipeline-dev-processor" }, 1],
  ["throttles", "AWS/Lambda", "Throttles", "Sum", { FunctionName: "image-pipeline-dev-processor" }, 1],
  ["duration", "AWS/Lambda", "Duration", "Maximum", { FunctionName: "image-pipeline-dev-processor" }, 48_000],
])(
  "an alarm watches %s and mails the owner when it starts and when it ends",
  (purpose, namespace, metricName, statistic, dimensions, threshold) => {
    expect(resourceNamed(program, `observability-${purpose}`).inputs).toMatchObject({
      name: `image-pipeline-dev-${purpose}`,
      namespace,
      metricName,
      statistic,
      dimensions,
      threshold,
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC],
      okActions: [TOPIC],
    });
  },
);

test("an alarm watches what is left of digests, where digests are sent", async () => {
  expect(program.resources.map(({ name }) => name)).not.toContain("observability-digest");
  const digested = await runProgram({ config: { email: EMAIL, notices: "digest" } });
  expect(resourceNamed(digested, "observability-digest").inputs).toMatchObject({
    name: "image-pipeline-dev-digest",
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "image-pipeline-dev-digest-dead-letters" },
    threshold: 1,
    alarmActions: [TOPIC],
  });
});

test("thresholds follow the configuration", async () => {
  const config = { email: EMAIL, timeoutSeconds: "100", backlogAlarmSeconds: "120" };
  const changed = await runProgram({ config });
  expect(resourceNamed(changed, "observability-duration").inputs["threshold"]).toBe(80_000);
  expect(resourceNamed(changed, "observability-backlog").inputs["threshold"]).toBe(120);
});
