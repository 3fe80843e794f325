import { expect, test } from "vitest";
import { schedule, scheduleGroup } from "../../../local/provider/scheduler.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

test("creates, reads, changes and deletes a group", async () => {
  const { aws } = emulated;
  const inputs = { name: "pipeline", tags: { Project: "p" } };
  const { id, outputs } = await scheduleGroup.create(inputs, aws);
  expect(id).toBe("pipeline");
  expect(outputs).toMatchObject({
    ...inputs,
    arn: arn("scheduler", "schedule-group/pipeline"),
    state: "ACTIVE",
    tagsAll: { Project: "p" },
  });
  expect(await scheduleGroup.read(id, aws)).toMatchObject({ ...inputs, tagsAll: { Project: "p" } });

  await scheduleGroup.update(id, { name: "pipeline", tags: { Stack: "s" } }, outputs, aws);
  expect((await scheduleGroup.read(id, aws))?.["tags"]).toEqual({ Stack: "s" });

  await scheduleGroup.delete(id, inputs, aws);
  expect(await scheduleGroup.read(id, aws)).toBeUndefined();
  await scheduleGroup.delete(id, inputs, aws);
});

const INPUTS = {
  name: "digest",
  groupName: "default",
  description: "Has the digest sent",
  scheduleExpression: "cron(0 8 * * ? *)",
  scheduleExpressionTimezone: "Europe/Berlin",
  flexibleTimeWindow: { mode: "OFF" },
  kmsKeyArn: arn("kms", "key/11111111-2222-3333-4444-555555555555"),
  target: {
    arn: arn("lambda", "function:digest"),
    roleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
    input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
    retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
    deadLetterConfig: { arn: arn("sqs", "dead") },
  },
};

test("creates, reads, changes and deletes a schedule", async () => {
  const { aws } = emulated;
  const { id, outputs } = await schedule.create(INPUTS, aws);
  expect(id).toBe("default/digest");
  const known = { ...INPUTS, state: "ENABLED", arn: arn("scheduler", "schedule/default/digest") };
  expect(outputs).toEqual(known);
  expect(await schedule.read(id, aws)).toEqual(known);

  const { description: _, kmsKeyArn: __, ...rest } = INPUTS;
  const { deadLetterConfig: ___, ...target } = INPUTS.target;
  const changed = { ...rest, scheduleExpression: "cron(0 * * * ? *)", state: "DISABLED", target };
  await schedule.update(id, changed, outputs, aws);
  expect(await schedule.read(id, aws)).toEqual({ ...changed, arn: known.arn });

  await schedule.delete(id, changed, aws);
  expect(await schedule.read(id, aws)).toBeUndefined();
  await schedule.delete(id, changed, aws);
});
