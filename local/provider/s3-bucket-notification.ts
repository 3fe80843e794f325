import {
  Event,
  type FilterRule,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource } from "./resource.ts";
import { ABSENT_BUCKET } from "./s3-bucket.ts";

const notificationSchema = z.strictObject({
  bucket: z.string(),
  queues: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(255),
        queueArn: z.string(),
        events: z.array(z.enum(Event)).min(1),
        filterPrefix: z.string().optional(),
        filterSuffix: z.string().optional(),
      }),
    )
    .optional(),
  eventbridge: z.boolean().default(false),
});

/** The whole of a bucket's notifications: what is not named here is taken away. */
const put = (id: string, inputs: Omit<z.output<typeof notificationSchema>, "bucket">, { s3 }: Aws) =>
  s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: id,
      NotificationConfiguration: {
        QueueConfigurations: (inputs.queues ?? []).map((queue) => {
          const rules: FilterRule[] = [
            ...(queue.filterPrefix === undefined
              ? []
              : [{ Name: "prefix" as const, Value: queue.filterPrefix }]),
            ...(queue.filterSuffix === undefined
              ? []
              : [{ Name: "suffix" as const, Value: queue.filterSuffix }]),
          ];
          return {
            Id: queue.id,
            QueueArn: queue.queueArn,
            Events: queue.events,
            ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }),
          };
        }),
        ...(inputs.eventbridge ? { EventBridgeConfiguration: {} } : {}),
      },
    }),
  );

const filterValue = (rules: readonly FilterRule[] | undefined, name: string) =>
  rules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value;

export const notification = defineResource({
  schema: notificationSchema,
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    await put(inputs.bucket, inputs, aws);
    return { id: inputs.bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      ABSENT_BUCKET,
      s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: id })),
    );
    // A bucket always has a configuration, if only an empty one.
    if (!answer?.QueueConfigurations?.length && answer?.EventBridgeConfiguration === undefined) {
      return undefined;
    }
    return {
      bucket: id,
      eventbridge: answer.EventBridgeConfiguration !== undefined,
      queues: (answer.QueueConfigurations ?? []).map((queue) => {
        const filterPrefix = filterValue(queue.Filter?.Key?.FilterRules, "prefix");
        const filterSuffix = filterValue(queue.Filter?.Key?.FilterRules, "suffix");
        return {
          id: queue.Id,
          queueArn: queue.QueueArn,
          events: queue.Events ?? [],
          ...(filterPrefix === undefined ? {} : { filterPrefix }),
          ...(filterSuffix === undefined ? {} : { filterSuffix }),
        };
      }),
    };
  },
  update: async (id, inputs, _olds, aws) => {
    await put(id, inputs, aws);
    return {};
  },
  delete: async (id, _inputs, aws) => {
    await unlessAbsent(ABSENT_BUCKET, put(id, { eventbridge: false }, aws));
  },
});
