import {
  DeleteBucketInventoryConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  InventoryFormat,
  InventoryFrequency,
  InventoryIncludedObjectVersions,
  InventoryOptionalField,
  PutBucketInventoryConfigurationCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource } from "./resource.ts";
import { ABSENT_BUCKET } from "./s3-bucket.ts";

const inventorySchema = z.strictObject({
  bucket: z.string(),
  name: z.string().min(1).max(64),
  enabled: z.boolean().default(true),
  includedObjectVersions: z.enum(InventoryIncludedObjectVersions),
  optionalFields: z.array(z.enum(InventoryOptionalField)).default([]),
  schedule: z.strictObject({ frequency: z.enum(InventoryFrequency) }),
  destination: z.strictObject({
    bucket: z.strictObject({
      accountId: z.string().optional(),
      bucketArn: z.string(),
      format: z.enum(InventoryFormat),
      prefix: z.string().optional(),
      encryption: z.strictObject({ sseKms: z.strictObject({ keyId: z.string() }) }).optional(),
    }),
  }),
});
type Inputs = z.output<typeof inventorySchema>;

const put = ({ bucket: Bucket, name, destination, ...inputs }: Inputs, { s3 }: Aws) => {
  const { accountId, bucketArn, format, prefix, encryption } = destination.bucket;
  return s3.send(
    new PutBucketInventoryConfigurationCommand({
      Bucket,
      Id: name,
      InventoryConfiguration: {
        Id: name,
        IsEnabled: inputs.enabled,
        IncludedObjectVersions: inputs.includedObjectVersions,
        OptionalFields: inputs.optionalFields,
        Schedule: { Frequency: inputs.schedule.frequency },
        Destination: {
          S3BucketDestination: {
            AccountId: accountId,
            Bucket: bucketArn,
            Format: format,
            Prefix: prefix,
            ...(encryption && { Encryption: { SSEKMS: { KeyId: encryption.sseKms.keyId } } }),
          },
        },
      },
    }),
  );
};

const placeOf = (id: string) => {
  const [Bucket = "", Id = ""] = id.split(":");
  return { Bucket, Id };
};

const ABSENT = [...ABSENT_BUCKET, "NoSuchConfiguration"];

export const inventory = defineResource({
  schema: inventorySchema,
  replaceOn: ["bucket", "name"],
  create: async (inputs, aws) => {
    await put(inputs, aws);
    return { id: `${inputs.bucket}:${inputs.name}`, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const place = placeOf(id);
    const answer = await unlessAbsent(ABSENT, s3.send(new GetBucketInventoryConfigurationCommand(place)));
    const found = answer?.InventoryConfiguration;
    const to = found?.Destination?.S3BucketDestination;
    return (
      found && {
        bucket: place.Bucket,
        name: found.Id,
        enabled: found.IsEnabled,
        includedObjectVersions: found.IncludedObjectVersions,
        optionalFields: found.OptionalFields ?? [],
        schedule: { frequency: found.Schedule?.Frequency },
        destination: {
          bucket: {
            bucketArn: to?.Bucket,
            format: to?.Format,
            ...(to?.AccountId === undefined ? {} : { accountId: to.AccountId }),
            ...(to?.Prefix === undefined ? {} : { prefix: to.Prefix }),
            ...(to?.Encryption?.SSEKMS === undefined
              ? {}
              : { encryption: { sseKms: { keyId: to.Encryption.SSEKMS.KeyId } } }),
          },
        },
      }
    );
  },
  update: async (_id, inputs, _olds, aws) => {
    await put(inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT, s3.send(new DeleteBucketInventoryConfigurationCommand(placeOf(id))));
  },
});
