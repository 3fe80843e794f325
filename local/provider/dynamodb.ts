import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type GlobalSecondaryIndexDescription,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, tagList, tagRecord, tags } from "./resource.ts";

const ABSENT = ["ResourceNotFoundException"];
const WAIT = { maxWaitTime: 300, minDelay: 1 } as const;

const tableSchema = z.strictObject({
  name: z.string().min(3).max(255),
  billingMode: z.literal("PAY_PER_REQUEST"),
  hashKey: z.string(),
  rangeKey: z.string().optional(),
  attributes: z.array(z.strictObject({ name: z.string(), type: z.enum(["S", "N", "B"]) })).min(1),
  globalSecondaryIndexes: z
    .array(
      z.strictObject({
        name: z.string(),
        keySchemas: z
          .array(z.strictObject({ attributeName: z.string(), keyType: z.enum(["HASH", "RANGE"]) }))
          .min(1),
        projectionType: z.enum(["ALL", "INCLUDE", "KEYS_ONLY"]),
        nonKeyAttributes: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  serverSideEncryption: z.strictObject({ enabled: z.boolean(), kmsKeyArn: z.string().optional() }).optional(),
  pointInTimeRecovery: z
    .strictObject({ enabled: z.boolean(), recoveryPeriodInDays: z.int().min(1).max(35).optional() })
    .optional(),
  ttl: z.strictObject({ enabled: z.boolean().default(true), attributeName: z.string() }).optional(),
  deletionProtectionEnabled: z.boolean().default(false),
  tableClass: z.enum(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]).default("STANDARD"),
  tags,
});
type Table = z.output<typeof tableSchema>;

const encryption = ({ serverSideEncryption }: Table) =>
  serverSideEncryption && {
    SSESpecification: serverSideEncryption.enabled
      ? {
          Enabled: true,
          SSEType: "KMS" as const,
          KMSMasterKeyId: serverSideEncryption.kmsKeyArn,
        }
      : { Enabled: false },
  };

/** Indexes as CreateTable takes them; DynamoDB refuses an empty list. */
const indexes = ({ globalSecondaryIndexes = [] }: Table) =>
  globalSecondaryIndexes.length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: globalSecondaryIndexes.map((index) => ({
          IndexName: index.name,
          KeySchema: index.keySchemas.map(({ attributeName, keyType }) => ({
            AttributeName: attributeName,
            KeyType: keyType,
          })),
          Projection: {
            ProjectionType: index.projectionType,
            ...(index.nonKeyAttributes === undefined ? {} : { NonKeyAttributes: index.nonKeyAttributes }),
          },
        })),
      };

const setBackups = (name: string, { pointInTimeRecovery }: Table, { dynamodb }: Aws) =>
  dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: pointInTimeRecovery?.enabled ?? false,
        RecoveryPeriodInDays: pointInTimeRecovery?.recoveryPeriodInDays,
      },
    }),
  );

const setTtl = (name: string, ttl: { enabled: boolean; attributeName: string }, { dynamodb }: Aws) =>
  dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { Enabled: ttl.enabled, AttributeName: ttl.attributeName },
    }),
  );

const active = async (name: string, { dynamodb }: Aws) => {
  await waitUntilTableExists({ client: dynamodb, ...WAIT }, { TableName: name });
  return present((await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table, "table");
};

const indexOf = ({ IndexName, KeySchema = [], Projection }: GlobalSecondaryIndexDescription) => ({
  name: IndexName,
  keySchemas: KeySchema.map(({ AttributeName, KeyType }) => ({
    attributeName: AttributeName,
    keyType: KeyType,
  })),
  projectionType: Projection?.ProjectionType,
  ...(Projection?.NonKeyAttributes === undefined ? {} : { nonKeyAttributes: Projection.NonKeyAttributes }),
});

export const table = defineResource({
  schema: tableSchema,
  replaceOn: ["name", "hashKey", "rangeKey", "attributes", "globalSecondaryIndexes"],
  create: async (inputs, aws) => {
    const { dynamodb } = aws;
    await dynamodb.send(
      new CreateTableCommand({
        TableName: inputs.name,
        BillingMode: inputs.billingMode,
        TableClass: inputs.tableClass,
        AttributeDefinitions: inputs.attributes.map(({ name, type }) => ({
          AttributeName: name,
          AttributeType: type,
        })),
        KeySchema: [
          { AttributeName: inputs.hashKey, KeyType: "HASH" },
          ...(inputs.rangeKey === undefined
            ? []
            : [{ AttributeName: inputs.rangeKey, KeyType: "RANGE" as const }]),
        ],
        ...indexes(inputs),
        ...encryption(inputs),
        DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
        ...(inputs.tags === undefined ? {} : { Tags: tagList(inputs.tags) }),
      }),
    );
    const { TableArn } = await active(inputs.name, aws);
    if (inputs.pointInTimeRecovery?.enabled) {
      await setBackups(inputs.name, inputs, aws);
    }
    if (inputs.ttl?.enabled) {
      await setTtl(inputs.name, inputs.ttl, aws);
    }
    return { id: inputs.name, outputs: { arn: TableArn, tagsAll: inputs.tags ?? {} } };
  },
  read: async (id, { dynamodb }) => {
    const answer = await unlessAbsent(ABSENT, dynamodb.send(new DescribeTableCommand({ TableName: id })));
    const found = answer?.Table;
    if (found === undefined) {
      return undefined;
    }
    const [backups, ttl, listed] = await Promise.all([
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: id })),
      dynamodb.send(new DescribeTimeToLiveCommand({ TableName: id })),
      dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: found.TableArn })),
    ]);
    const keyOf = (type: string) => found.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const rangeKey = keyOf("RANGE");
    return {
      name: found.TableName,
      arn: found.TableArn,
      billingMode: found.BillingModeSummary?.BillingMode,
      hashKey: keyOf("HASH"),
      ...(rangeKey === undefined ? {} : { rangeKey }),
      attributes: (found.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      ...(found.GlobalSecondaryIndexes === undefined
        ? {}
        : { globalSecondaryIndexes: found.GlobalSecondaryIndexes.map(indexOf) }),
      serverSideEncryption: {
        enabled: found.SSEDescription?.Status === "ENABLED",
        ...(found.SSEDescription?.KMSMasterKeyArn === undefined
          ? {}
          : { kmsKeyArn: found.SSEDescription.KMSMasterKeyArn }),
      },
      pointInTimeRecovery: {
        enabled:
          backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ===
          "ENABLED",
      },
      ...(ttl.TimeToLiveDescription?.AttributeName === undefined
        ? {}
        : {
            ttl: {
              enabled: ttl.TimeToLiveDescription.TimeToLiveStatus === "ENABLED",
              attributeName: ttl.TimeToLiveDescription.AttributeName,
            },
          }),
      deletionProtectionEnabled: found.DeletionProtectionEnabled ?? false,
      tags: tagRecord(listed.Tags),
      tagsAll: tagRecord(listed.Tags),
    };
  },
  update: async (id, inputs, olds, aws) => {
    const { dynamodb } = aws;
    const { TableArn } = await active(id, aws);
    // UpdateTable takes one kind of change at a time.
    if (JSON.stringify(inputs.serverSideEncryption) !== JSON.stringify(olds.serverSideEncryption)) {
      await dynamodb.send(
        new UpdateTableCommand({
          TableName: id,
          ...(encryption(inputs) ?? { SSESpecification: { Enabled: false } }),
        }),
      );
      await active(id, aws);
    }
    if (inputs.deletionProtectionEnabled !== olds.deletionProtectionEnabled) {
      await dynamodb.send(
        new UpdateTableCommand({
          TableName: id,
          DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
        }),
      );
      await active(id, aws);
    }
    if (inputs.tableClass !== olds.tableClass) {
      await dynamodb.send(new UpdateTableCommand({ TableName: id, TableClass: inputs.tableClass }));
      await active(id, aws);
    }
    await setBackups(id, inputs, aws);
    const ttl = inputs.ttl ?? (olds.ttl && { ...olds.ttl, enabled: false });
    if (ttl !== undefined && JSON.stringify(inputs.ttl) !== JSON.stringify(olds.ttl)) {
      await setTtl(id, ttl, aws);
    }
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await dynamodb.send(new UntagResourceCommand({ ResourceArn: TableArn, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await dynamodb.send(new TagResourceCommand({ ResourceArn: TableArn, Tags: tagList(inputs.tags) }));
    }
    return { arn: TableArn, tagsAll: inputs.tags ?? {} };
  },
  delete: async (id, _inputs, { dynamodb }) => {
    if (await unlessAbsent(ABSENT, dynamodb.send(new DeleteTableCommand({ TableName: id })))) {
      await waitUntilTableNotExists({ client: dynamodb, ...WAIT }, { TableName: id });
    }
  },
});
