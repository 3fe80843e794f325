import * as timers from "node:timers/promises";
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tagList, tagRecord, tags } from "./resource.ts";

const ABSENT = ["ResourceNotFoundException"];
const POLL_MS = 500;
const POLLS = 240;

const readGroup = (name: string, { scheduler }: Aws) =>
  unlessAbsent(ABSENT, scheduler.send(new GetScheduleGroupCommand({ Name: name })));

const groupOutputs = (found: Awaited<ReturnType<typeof readGroup>>, inputTags: Tags) => ({
  arn: present(found?.Arn, "schedule group ARN"),
  state: found?.State,
  creationDate: found?.CreationDate?.toISOString(),
  lastModificationDate: found?.LastModificationDate?.toISOString(),
  tagsAll: inputTags ?? {},
});

export const scheduleGroup = defineResource({
  schema: z.strictObject({ name: z.string().min(1).max(64), tags }),
  replaceOn: ["name"],
  create: async (inputs, aws) => {
    await aws.scheduler.send(
      new CreateScheduleGroupCommand({
        Name: inputs.name,
        ...(inputs.tags === undefined ? {} : { Tags: tagList(inputs.tags) }),
      }),
    );
    return { id: inputs.name, outputs: groupOutputs(await readGroup(inputs.name, aws), inputs.tags) };
  },
  read: async (id, aws) => {
    const found = await readGroup(id, aws);
    // Deleted it is gone, though it is shown until all its schedules are.
    if (found === undefined || found.State === "DELETING") return undefined;
    const listed = await aws.scheduler.send(new ListTagsForResourceCommand({ ResourceArn: found.Arn }));
    const groupTags = tagRecord(listed.Tags);
    return { ...groupOutputs(found, groupTags), name: found.Name, tags: groupTags };
  },
  update: async (id, inputs, olds, aws) => {
    const found = await readGroup(id, aws);
    const ResourceArn = present(found?.Arn, "schedule group ARN");
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await aws.scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await aws.scheduler.send(new TagResourceCommand({ ResourceArn, Tags: tagList(inputs.tags) }));
    }
    return groupOutputs(found, inputs.tags);
  },
  delete: async (id, _inputs, aws) => {
    await unlessAbsent(ABSENT, aws.scheduler.send(new DeleteScheduleGroupCommand({ Name: id })));
    for (let poll = 0; poll < POLLS && (await readGroup(id, aws)) !== undefined; poll += 1) {
      await timers.setTimeout(POLL_MS);
    }
  },
});

const scheduleSchema = z.strictObject({
  name: z.string().min(1).max(64),
  groupName: z.string().default("default"),
  description: z.string().max(512).optional(),
  scheduleExpression: z.string().min(1).max(256),
  scheduleExpressionTimezone: z.string().default("UTC"),
  flexibleTimeWindow: z.strictObject({
    mode: z.enum(["OFF", "FLEXIBLE"]),
    maximumWindowInMinutes: z.int().min(1).max(1440).optional(),
  }),
  kmsKeyArn: z.string().optional(),
  state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  target: z.strictObject({
    arn: z.string(),
    roleArn: z.string(),
    input: z.string().optional(),
    retryPolicy: z
      .strictObject({
        maximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
        maximumRetryAttempts: z.int().min(0).max(185).default(185),
      })
      .optional(),
    deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
  }),
});
type Schedule = z.output<typeof scheduleSchema>;

/** An update sets all anew: what is left out of it goes back to its default. */
const settings = ({ target, ...schedule }: Schedule) => ({
  Name: schedule.name,
  GroupName: schedule.groupName,
  Description: schedule.description,
  ScheduleExpression: schedule.scheduleExpression,
  ScheduleExpressionTimezone: schedule.scheduleExpressionTimezone,
  FlexibleTimeWindow: {
    Mode: schedule.flexibleTimeWindow.mode,
    MaximumWindowInMinutes: schedule.flexibleTimeWindow.maximumWindowInMinutes,
  },
  KmsKeyArn: schedule.kmsKeyArn,
  State: schedule.state,
  Target: {
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    RetryPolicy: target.retryPolicy && {
      MaximumEventAgeInSeconds: target.retryPolicy.maximumEventAgeInSeconds,
      MaximumRetryAttempts: target.retryPolicy.maximumRetryAttempts,
    },
    DeadLetterConfig: target.deadLetterConfig && { Arn: target.deadLetterConfig.arn },
  },
});

/** The id is `group/name`, as Pulumi has it. */
const partsOf = (id: string) => {
  const [GroupName, Name] = id.split("/");
  return { GroupName: present(GroupName, "schedule group"), Name: present(Name, "schedule name") };
};

const readSchedule = (id: string, { scheduler }: Aws) =>
  unlessAbsent(ABSENT, scheduler.send(new GetScheduleCommand(partsOf(id))));

const given = <Value>(name: string, value: Value | null | undefined | "") =>
  value === undefined || value === null || value === "" ? {} : { [name]: value };

export const schedule = defineResource({
  schema: scheduleSchema,
  replaceOn: ["name", "groupName"],
  create: async (inputs, aws) => {
    const { ScheduleArn } = await aws.scheduler.send(new CreateScheduleCommand(settings(inputs)));
    return { id: `${inputs.groupName}/${inputs.name}`, outputs: { arn: ScheduleArn } };
  },
  read: async (id, aws) => {
    const found = await readSchedule(id, aws);
    if (found === undefined) return undefined;
    const { Target: target, FlexibleTimeWindow: window } = found;
    const retries = target?.RetryPolicy;
    return {
      arn: found.Arn,
      name: found.Name,
      groupName: found.GroupName,
      ...given("description", found.Description),
      scheduleExpression: found.ScheduleExpression,
      scheduleExpressionTimezone: found.ScheduleExpressionTimezone,
      flexibleTimeWindow: {
        mode: window?.Mode,
        ...given("maximumWindowInMinutes", window?.MaximumWindowInMinutes),
      },
      ...given("kmsKeyArn", found.KmsKeyArn),
      state: found.State,
      target: {
        arn: target?.Arn,
        roleArn: target?.RoleArn,
        ...given("input", target?.Input),
        ...(retries === undefined
          ? {}
          : {
              retryPolicy: {
                maximumEventAgeInSeconds: retries.MaximumEventAgeInSeconds,
                maximumRetryAttempts: retries.MaximumRetryAttempts,
              },
            }),
        ...(target?.DeadLetterConfig?.Arn === undefined
          ? {}
          : { deadLetterConfig: { arn: target.DeadLetterConfig.Arn } }),
      },
    };
  },
  update: async (_id, inputs, _olds, aws) => {
    const { ScheduleArn } = await aws.scheduler.send(new UpdateScheduleCommand(settings(inputs)));
    return { arn: ScheduleArn };
  },
  delete: async (id, _inputs, { scheduler }) => {
    await unlessAbsent(ABSENT, scheduler.send(new DeleteScheduleCommand(partsOf(id))));
  },
});
