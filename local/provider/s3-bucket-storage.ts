import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  EncryptionType,
  ExpirationStatus,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  ServerSideEncryption,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource } from "./resource.ts";
import { ABSENT_BUCKET } from "./s3-bucket.ts";

const encryptionSchema = z.strictObject({
  bucket: z.string(),
  rules: z
    .array(
      z.strictObject({
        bucketKeyEnabled: z.boolean().default(false),
        blockedEncryptionTypes: z.array(z.enum(EncryptionType)).optional(),
        applyServerSideEncryptionByDefault: z.strictObject({
          sseAlgorithm: z.enum(ServerSideEncryption),
          kmsMasterKeyId: z.string().optional(),
        }),
      }),
    )
    .length(1),
});

const putEncryption = (id: string, { rules }: z.output<typeof encryptionSchema>, { s3 }: Aws) =>
  s3.send(
    new PutBucketEncryptionCommand({
      Bucket: id,
      ServerSideEncryptionConfiguration: {
        Rules: rules.map(({ bucketKeyEnabled, blockedEncryptionTypes, ...rule }) => ({
          BucketKeyEnabled: bucketKeyEnabled,
          ...(blockedEncryptionTypes && {
            BlockedEncryptionTypes: { EncryptionType: blockedEncryptionTypes },
          }),
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: rule.applyServerSideEncryptionByDefault.sseAlgorithm,
            KMSMasterKeyID: rule.applyServerSideEncryptionByDefault.kmsMasterKeyId,
          },
        })),
      },
    }),
  );

export const serverSideEncryption = defineResource({
  schema: encryptionSchema,
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    await putEncryption(inputs.bucket, inputs, aws);
    return { id: inputs.bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "ServerSideEncryptionConfigurationNotFoundError"],
      s3.send(new GetBucketEncryptionCommand({ Bucket: id })),
    );
    return (
      answer && {
        bucket: id,
        rules: (answer.ServerSideEncryptionConfiguration?.Rules ?? []).map((rule) => ({
          bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
          ...(rule.BlockedEncryptionTypes?.EncryptionType === undefined
            ? {}
            : { blockedEncryptionTypes: rule.BlockedEncryptionTypes.EncryptionType }),
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
            ...(rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID === undefined
              ? {}
              : { kmsMasterKeyId: rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID }),
          },
        })),
      }
    );
  },
  update: async (id, inputs, _olds, aws) => {
    await putEncryption(id, inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeleteBucketEncryptionCommand({ Bucket: id })));
  },
});

const putVersioning = (id: string, status: "Enabled" | "Suspended", { s3 }: Aws) =>
  s3.send(new PutBucketVersioningCommand({ Bucket: id, VersioningConfiguration: { Status: status } }));

export const versioning = defineResource({
  schema: z.strictObject({
    bucket: z.string(),
    versioningConfiguration: z.strictObject({ status: z.enum(["Enabled", "Suspended"]) }),
  }),
  replaceOn: ["bucket"],
  create: async ({ bucket, versioningConfiguration }, aws) => {
    await putVersioning(bucket, versioningConfiguration.status, aws);
    return { id: bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(ABSENT_BUCKET, s3.send(new GetBucketVersioningCommand({ Bucket: id })));
    return answer?.Status && { bucket: id, versioningConfiguration: { status: answer.Status } };
  },
  update: async (id, { versioningConfiguration }, _olds, aws) => {
    await putVersioning(id, versioningConfiguration.status, aws);
    return {};
  },
  // S3 can suspend versioning, but never take it away.
  delete: async (id, _inputs, aws) => {
    await unlessAbsent(ABSENT_BUCKET, putVersioning(id, "Suspended", aws));
  },
});

const days = z.int().min(1);
const lifecycleSchema = z.strictObject({
  bucket: z.string(),
  rules: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(255),
        status: z.enum(ExpirationStatus),
        filter: z.strictObject({ prefix: z.string() }).optional(),
        abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: days }).optional(),
        expiration: z
          .strictObject({ days: days.optional(), expiredObjectDeleteMarker: z.boolean().optional() })
          .optional(),
        noncurrentVersionExpiration: z
          .strictObject({ noncurrentDays: days, newerNoncurrentVersions: z.int().min(1).max(100).optional() })
          .optional(),
      }),
    )
    .min(1),
});

const putLifecycle = (id: string, { rules }: z.output<typeof lifecycleSchema>, { s3 }: Aws) =>
  s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: id,
      LifecycleConfiguration: {
        Rules: rules.map((rule) => ({
          ID: rule.id,
          Status: rule.status,
          Filter: { Prefix: rule.filter?.prefix ?? "" },
          ...(rule.abortIncompleteMultipartUpload && {
            AbortIncompleteMultipartUpload: {
              DaysAfterInitiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
            },
          }),
          ...(rule.expiration && {
            Expiration: {
              Days: rule.expiration.days,
              ExpiredObjectDeleteMarker: rule.expiration.expiredObjectDeleteMarker,
            },
          }),
          ...(rule.noncurrentVersionExpiration && {
            NoncurrentVersionExpiration: {
              NoncurrentDays: rule.noncurrentVersionExpiration.noncurrentDays,
              NewerNoncurrentVersions: rule.noncurrentVersionExpiration.newerNoncurrentVersions,
            },
          }),
        })),
      },
    }),
  );

export const lifecycleConfiguration = defineResource({
  schema: lifecycleSchema,
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    await putLifecycle(inputs.bucket, inputs, aws);
    return { id: inputs.bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "NoSuchLifecycleConfiguration"],
      s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: id })),
    );
    return (
      answer && {
        bucket: id,
        rules: (answer.Rules ?? []).map((rule) => ({
          id: rule.ID,
          status: rule.Status,
          filter: { prefix: rule.Filter?.Prefix ?? "" },
          ...(rule.AbortIncompleteMultipartUpload && {
            abortIncompleteMultipartUpload: {
              daysAfterInitiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
            },
          }),
          ...(rule.Expiration && {
            expiration: {
              ...(rule.Expiration.Days ? { days: rule.Expiration.Days } : {}),
              ...(rule.Expiration.ExpiredObjectDeleteMarker === undefined
                ? {}
                : { expiredObjectDeleteMarker: rule.Expiration.ExpiredObjectDeleteMarker }),
            },
          }),
          ...(rule.NoncurrentVersionExpiration && {
            noncurrentVersionExpiration: {
              noncurrentDays: rule.NoncurrentVersionExpiration.NoncurrentDays,
              ...(rule.NoncurrentVersionExpiration.NewerNoncurrentVersions === undefined
                ? {}
                : { newerNoncurrentVersions: rule.NoncurrentVersionExpiration.NewerNoncurrentVersions }),
            },
          }),
        })),
      }
    );
  },
  update: async (id, inputs, _olds, aws) => {
    await putLifecycle(id, inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeleteBucketLifecycleCommand({ Bucket: id })));
  },
});
