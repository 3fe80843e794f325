import { ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { dashboard, metricAlarm } from "../../../local/provider/cloudwatch.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("creates, reads, changes and deletes an alarm", async () => {
  const { aws } = emulated;
  const inputs = {
    name: "dead-letters",
    alarmDescription: "Uploads wait.",
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "letters" },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [`arn:aws:sns:${REGION}:${ACCOUNT}:notices`],
    okActions: [],
    actionsEnabled: true,
  };
  const { id, outputs } = await metricAlarm.create({ ...inputs, tags: { Project: "p" } }, aws);
  const arn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:dead-letters`;
  expect(id).toBe("dead-letters");
  expect(outputs).toEqual({ ...inputs, tags: { Project: "p" }, tagsAll: { Project: "p" }, arn });
  expect(await metricAlarm.read(id, aws)).toEqual({ ...inputs, arn });
  await metricAlarm.update(id, { ...inputs, threshold: 2.5, tags: { Stack: "s" } }, outputs, aws);
  expect(await metricAlarm.read(id, aws)).toEqual({ ...inputs, threshold: 2.5, arn });
  const { Tags } = await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
  expect(Tags).toEqual([{ Key: "Stack", Value: "s" }]);
  await metricAlarm.delete(id, inputs, aws);
  expect(await metricAlarm.read(id, aws)).toBeUndefined();
  await metricAlarm.delete(id, inputs, aws);
});

test("creates, reads, changes and deletes a dashboard", async () => {
  const { aws } = emulated;
  const body = (title: string) =>
    JSON.stringify({
      widgets: [{ type: "text", x: 0, y: 0, width: 8, height: 6, properties: { markdown: title } }],
    });
  const inputs = { dashboardName: "pictures", dashboardBody: body("one") };
  const { id, outputs } = await dashboard.create(inputs, aws);
  expect(id).toBe("pictures");
  expect(outputs).toEqual({
    ...inputs,
    dashboardArn: `arn:aws:cloudwatch::${ACCOUNT}:dashboard/pictures`,
  });
  await dashboard.update(id, { ...inputs, dashboardBody: body("two") }, outputs, aws);
  expect(await dashboard.read(id, aws)).toEqual({ ...outputs, dashboardBody: body("two") });
  await dashboard.delete(id, inputs, aws);
  expect(await dashboard.read(id, aws)).toBeUndefined();
  await dashboard.delete(id, inputs, aws);
});
