import {
  ComparisonOperator,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  StandardUnit,
  Statistic,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, tagList, tags } from "./resource.ts";

const alarmSchema = z.strictObject({
  name: z.string().min(1).max(255),
  alarmDescription: z.string().max(1024).optional(),
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).optional(),
  statistic: z.enum(Statistic).optional(),
  extendedStatistic: z.string().optional(),
  unit: z.enum(StandardUnit).optional(),
  period: z.int().min(1),
  evaluationPeriods: z.int().min(1),
  datapointsToAlarm: z.int().min(1).optional(),
  threshold: z.number(),
  comparisonOperator: z.enum(ComparisonOperator),
  treatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]).default("missing"),
  actionsEnabled: z.boolean().default(true),
  alarmActions: z.array(z.string()).optional(),
  okActions: z.array(z.string()).optional(),
  insufficientDataActions: z.array(z.string()).optional(),
  tags,
});
type Alarm = z.output<typeof alarmSchema>;

const putAlarm = (alarm: Alarm, { cloudwatch }: Aws) =>
  cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm.name,
      AlarmDescription: alarm.alarmDescription,
      Namespace: alarm.namespace,
      MetricName: alarm.metricName,
      Dimensions: Object.entries(alarm.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Statistic: alarm.statistic,
      ExtendedStatistic: alarm.extendedStatistic,
      Unit: alarm.unit,
      Period: alarm.period,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      Threshold: alarm.threshold,
      ComparisonOperator: alarm.comparisonOperator,
      TreatMissingData: alarm.treatMissingData,
      ActionsEnabled: alarm.actionsEnabled,
      AlarmActions: alarm.alarmActions ?? [],
      OKActions: alarm.okActions ?? [],
      InsufficientDataActions: alarm.insufficientDataActions ?? [],
      ...(alarm.tags === undefined ? {} : { Tags: tagList(alarm.tags) }),
    }),
  );

const findAlarm = async (name: string, { cloudwatch }: Aws) =>
  (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];

const alarmOutputs = async ({ name, tags: inputTags }: Alarm, aws: Aws) => ({
  arn: present((await findAlarm(name, aws))?.AlarmArn, "alarm ARN"),
  tagsAll: inputTags ?? {},
});

export const metricAlarm = defineResource({
  schema: alarmSchema,
  replaceOn: ["name"],
  create: async (inputs, aws) => {
    await putAlarm(inputs, aws);
    return { id: inputs.name, outputs: await alarmOutputs(inputs, aws) };
  },
  read: async (id, aws) => {
    const found = await findAlarm(id, aws);
    return (
      found && {
        name: id,
        arn: found.AlarmArn,
        namespace: found.Namespace,
        metricName: found.MetricName,
        dimensions: Object.fromEntries((found.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
        period: found.Period,
        evaluationPeriods: found.EvaluationPeriods,
        threshold: found.Threshold,
        comparisonOperator: found.ComparisonOperator,
        treatMissingData: found.TreatMissingData ?? "missing",
        actionsEnabled: found.ActionsEnabled,
        alarmActions: found.AlarmActions ?? [],
        okActions: found.OKActions ?? [],
        ...(found.AlarmDescription === undefined ? {} : { alarmDescription: found.AlarmDescription }),
        ...(found.Statistic === undefined ? {} : { statistic: found.Statistic }),
      }
    );
  },
  update: async (_id, inputs, olds, aws) => {
    await putAlarm(inputs, aws);
    const outputs = await alarmOutputs(inputs, aws);
    // PutMetricAlarm takes tags only when it makes the alarm.
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await aws.cloudwatch.send(new UntagResourceCommand({ ResourceARN: outputs.arn, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await aws.cloudwatch.send(
        new TagResourceCommand({ ResourceARN: outputs.arn, Tags: tagList(inputs.tags) }),
      );
    }
    return outputs;
  },
  delete: async (id, _inputs, { cloudwatch }) => {
    await unlessAbsent(["ResourceNotFound"], cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] })));
  },
});

const ABSENT_DASHBOARD = ["ResourceNotFound", "DashboardNotFoundError"];

const putDashboard = async (name: string, body: string, { cloudwatch }: Aws) => {
  const { DashboardValidationMessages } = await cloudwatch.send(
    new PutDashboardCommand({ DashboardName: name, DashboardBody: body }),
  );
  const [first] = DashboardValidationMessages ?? [];
  if (first !== undefined) {
    throw new Error(`The dashboard's body is wrong at ${first.DataPath}: ${first.Message}`);
  }
};

const dashboardArn = async (name: string, { cloudwatch }: Aws) =>
  present(
    (await cloudwatch.send(new GetDashboardCommand({ DashboardName: name }))).DashboardArn,
    "dashboard",
  );

export const dashboard = defineResource({
  schema: z.strictObject({ dashboardName: z.string().min(1).max(255), dashboardBody: z.string() }),
  replaceOn: ["dashboardName"],
  create: async ({ dashboardName, dashboardBody }, aws) => {
    await putDashboard(dashboardName, dashboardBody, aws);
    return { id: dashboardName, outputs: { dashboardArn: await dashboardArn(dashboardName, aws) } };
  },
  read: async (id, { cloudwatch }) => {
    const found = await unlessAbsent(
      ABSENT_DASHBOARD,
      cloudwatch.send(new GetDashboardCommand({ DashboardName: id })),
    );
    return (
      found && { dashboardName: id, dashboardArn: found.DashboardArn, dashboardBody: found.DashboardBody }
    );
  },
  update: async (id, { dashboardBody }, _olds, aws) => {
    await putDashboard(id, dashboardBody, aws);
    return { dashboardArn: await dashboardArn(id, aws) };
  },
  delete: async (id, _inputs, { cloudwatch }) => {
    await unlessAbsent(
      ABSENT_DASHBOARD,
      cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [id] })),
    );
  },
});
