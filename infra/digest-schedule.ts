import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { type Statement, trust } from "./permissions.ts";
import { createRole } from "./role.ts";
import type { Settings } from "./settings.ts";

export type DigestSettings = Pick<Settings, "digestEvery" | "digestHour" | "digestTimeZone">;

const DEFAULT_HOUR = 8;

export const digestTimeZone = ({ digestTimeZone: zone = "UTC" }: DigestSettings): string => zone;

/** When digests are due, as EventBridge Scheduler writes it (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). */
export const digestCron = ({
  digestEvery = "day",
  digestHour: hour = DEFAULT_HOUR,
}: DigestSettings): string => {
  switch (digestEvery) {
    case "hour":
      return "cron(0 * * * ? *)";
    case "day":
      return `cron(0 ${hour} * * ? *)`;
    case "week":
      return `cron(0 ${hour} ? * MON *)`;
    default:
      return digestEvery satisfies never;
  }
};

export type DigestScheduleArgs = DigestSettings &
  Pick<Settings, "permissionsBoundary"> & {
    readonly deployment: Deployment;
    readonly names: PhysicalResources;
    readonly keyArn: pulumi.Input<string>;
    readonly functionArn: pulumi.Input<string>;
    /** Queue that keeps what could not be handed to the function. */
    readonly deadLetterQueueArn: pulumi.Input<string>;
    /** Use of the key for that queue. */
    readonly keyStatement: pulumi.Input<Statement>;
  };

/** Reading what the key encrypts of the schedule (https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html). */
export const readSchedule = (keyArn: string, { digestSchedule }: PhysicalResources): Statement => ({
  sid: "ReadTheSchedule",
  actions: ["kms:Decrypt"],
  resources: [keyArn],
  conditions: { ArnEquals: { "kms:EncryptionContext:aws:scheduler:schedule:arn": digestSchedule.arn } },
});

/** The schedule that calls the function of digests, in a group of the stack's own, and the role it does so with. */
export const createDigestSchedule = (
  name: string,
  args: DigestScheduleArgs,
  parent: pulumi.ComponentResource,
): void => {
  const { deployment, names } = args;
  const child = { parent };

  const group = new aws.scheduler.ScheduleGroup(`${name}-group`, { name: names.scheduleGroup.name }, child);
  const { role, grants } = createRole(
    name,
    {
      role: names.schedulerRole,
      // A schedule's own ARN is no source that Scheduler names, its group's is
      // (https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
      trust: {
        ...trust("scheduler.amazonaws.com"),
        conditions: {
          StringEquals: { "aws:SourceAccount": deployment.accountId },
          ArnEquals: { "aws:SourceArn": names.scheduleGroup.arn },
        },
      },
      statements: [
        { sid: "CallTheFunction", actions: ["lambda:InvokeFunction"], resources: [names.digest.arn] },
        {
          sid: "KeepWhatFailed",
          actions: ["sqs:SendMessage"],
          resources: [names.digestDeadLetterQueue.arn],
        },
      ],
      keyStatements: [
        args.keyStatement,
        pulumi.output(args.keyArn).apply((keyArn) => readSchedule(keyArn, names)),
      ],
      permissionsBoundary: args.permissionsBoundary,
    },
    parent,
  );
  new aws.scheduler.Schedule(
    name,
    {
      name: names.digestSchedule.name,
      groupName: group.name,
      description: "Has the digest sent that tells what became of the uploads since the last one",
      scheduleExpression: digestCron(args),
      scheduleExpressionTimezone: digestTimeZone(args),
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: args.keyArn,
      target: {
        arn: args.functionArn,
        roleArn: role.arn,
        // Scheduler puts the time in (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
        input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>" }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
        deadLetterConfig: { arn: args.deadLetterQueueArn },
      },
    },
    { parent, dependsOn: [...grants] },
  );
};
