import {
  DeleteBucketCorsCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketCorsCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketCorsCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource } from "./resource.ts";
import { ABSENT_BUCKET } from "./s3-bucket.ts";

const publicAccessBlockSchema = z.strictObject({
  bucket: z.string(),
  blockPublicAcls: z.boolean().default(false),
  blockPublicPolicy: z.boolean().default(false),
  ignorePublicAcls: z.boolean().default(false),
  restrictPublicBuckets: z.boolean().default(false),
});

const putPublicAccessBlock = (id: string, inputs: z.output<typeof publicAccessBlockSchema>, { s3 }: Aws) =>
  s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: id,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: inputs.blockPublicAcls,
        BlockPublicPolicy: inputs.blockPublicPolicy,
        IgnorePublicAcls: inputs.ignorePublicAcls,
        RestrictPublicBuckets: inputs.restrictPublicBuckets,
      },
    }),
  );

export const publicAccessBlock = defineResource({
  schema: publicAccessBlockSchema,
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    await putPublicAccessBlock(inputs.bucket, inputs, aws);
    return { id: inputs.bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "NoSuchPublicAccessBlockConfiguration"],
      s3.send(new GetPublicAccessBlockCommand({ Bucket: id })),
    );
    const found = answer?.PublicAccessBlockConfiguration;
    return (
      found && {
        bucket: id,
        blockPublicAcls: found.BlockPublicAcls ?? false,
        blockPublicPolicy: found.BlockPublicPolicy ?? false,
        ignorePublicAcls: found.IgnorePublicAcls ?? false,
        restrictPublicBuckets: found.RestrictPublicBuckets ?? false,
      }
    );
  },
  update: async (id, inputs, _olds, aws) => {
    await putPublicAccessBlock(id, inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeletePublicAccessBlockCommand({ Bucket: id })));
  },
});

const OBJECT_OWNERSHIP = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] as const;

const putOwnership = (id: string, objectOwnership: (typeof OBJECT_OWNERSHIP)[number], { s3 }: Aws) =>
  s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: id,
      OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] },
    }),
  );

export const ownershipControls = defineResource({
  schema: z.strictObject({
    bucket: z.string(),
    rule: z.strictObject({ objectOwnership: z.enum(OBJECT_OWNERSHIP) }),
  }),
  replaceOn: ["bucket"],
  create: async ({ bucket, rule }, aws) => {
    await putOwnership(bucket, rule.objectOwnership, aws);
    return { id: bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "OwnershipControlsNotFoundError"],
      s3.send(new GetBucketOwnershipControlsCommand({ Bucket: id })),
    );
    const [rule] = answer?.OwnershipControls?.Rules ?? [];
    return rule && { bucket: id, rule: { objectOwnership: rule.ObjectOwnership } };
  },
  update: async (id, { rule }, _olds, aws) => {
    await putOwnership(id, rule.objectOwnership, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: id })));
  },
});

const putPolicy = (id: string, policy: string, { s3 }: Aws) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: id, Policy: policy }));

export const bucketPolicy = defineResource({
  schema: z.strictObject({ bucket: z.string(), policy: z.string() }),
  replaceOn: ["bucket"],
  create: async ({ bucket, policy }, aws) => {
    await putPolicy(bucket, policy, aws);
    return { id: bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "NoSuchBucketPolicy"],
      s3.send(new GetBucketPolicyCommand({ Bucket: id })),
    );
    return answer && { bucket: id, policy: answer.Policy };
  },
  update: async (id, { policy }, _olds, aws) => {
    await putPolicy(id, policy, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeleteBucketPolicyCommand({ Bucket: id })));
  },
});

const corsSchema = z.strictObject({
  bucket: z.string(),
  corsRules: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        allowedMethods: z.array(z.string()),
        allowedOrigins: z.array(z.string()),
        allowedHeaders: z.array(z.string()).optional(),
        exposeHeaders: z.array(z.string()).optional(),
        maxAgeSeconds: z.int().min(0).optional(),
      }),
    )
    .min(1),
});

const putCors = (id: string, { corsRules }: z.output<typeof corsSchema>, { s3 }: Aws) =>
  s3.send(
    new PutBucketCorsCommand({
      Bucket: id,
      CORSConfiguration: {
        CORSRules: corsRules.map((rule) => ({
          ID: rule.id,
          AllowedMethods: rule.allowedMethods,
          AllowedOrigins: rule.allowedOrigins,
          AllowedHeaders: rule.allowedHeaders,
          ExposeHeaders: rule.exposeHeaders,
          MaxAgeSeconds: rule.maxAgeSeconds,
        })),
      },
    }),
  );

export const corsConfiguration = defineResource({
  schema: corsSchema,
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    await putCors(inputs.bucket, inputs, aws);
    return { id: inputs.bucket, outputs: {} };
  },
  read: async (id, { s3 }) => {
    const answer = await unlessAbsent(
      [...ABSENT_BUCKET, "NoSuchCORSConfiguration"],
      s3.send(new GetBucketCorsCommand({ Bucket: id })),
    );
    return (
      answer && {
        bucket: id,
        corsRules: (answer.CORSRules ?? []).map((rule) => ({
          allowedMethods: rule.AllowedMethods ?? [],
          allowedOrigins: rule.AllowedOrigins ?? [],
          ...(rule.ID === undefined ? {} : { id: rule.ID }),
          ...(rule.AllowedHeaders === undefined ? {} : { allowedHeaders: rule.AllowedHeaders }),
          ...(rule.ExposeHeaders === undefined ? {} : { exposeHeaders: rule.ExposeHeaders }),
          ...(rule.MaxAgeSeconds === undefined ? {} : { maxAgeSeconds: rule.MaxAgeSeconds }),
        })),
      }
    );
  },
  update: async (id, inputs, _olds, aws) => {
    await putCors(id, inputs, aws);
    return {};
  },
  delete: async (id, _inputs, { s3 }) => {
    await unlessAbsent(ABSENT_BUCKET, s3.send(new DeleteBucketCorsCommand({ Bucket: id })));
  },
});
