import {
  AbortMultipartUploadCommand,
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, type Tags, tagList, tagRecord, tags } from "./resource.ts";

export const ABSENT_BUCKET = ["NotFound", "NoSuchBucket"];

const exists = async (bucket: string, { s3 }: Aws): Promise<boolean> =>
  (await unlessAbsent(ABSENT_BUCKET, s3.send(new HeadBucketCommand({ Bucket: bucket })))) !== undefined;

const bucketOutputs = (bucket: string, inputTags: Tags, { region }: Aws) => ({
  arn: `arn:aws:s3:::${bucket}`,
  bucketDomainName: `${bucket}.s3.amazonaws.com`,
  bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
  bucketRegion: region,
  tagsAll: inputTags ?? {},
});

const emptyBucket = async (bucket: string, s3: S3Client): Promise<void> => {
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (versions.length === 0) {
      break;
    }
    const { Errors } = await s3.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })), Quiet: true },
      }),
    );
    const [first] = Errors ?? [];
    if (first !== undefined) {
      throw new Error(`Could not delete ${first.Key}: ${first.Message}`);
    }
  }
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  for (const { Key, UploadId } of Uploads ?? []) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
};

export const bucket = defineResource({
  schema: z.strictObject({
    bucket: z.string().min(3).max(63),
    /** Only then is a bucket that holds objects emptied to be deleted. */
    forceDestroy: z.boolean().default(false),
    tags,
  }),
  replaceOn: ["bucket"],
  create: async (inputs, aws) => {
    // us-east-1 answers a second CreateBucket of one's own bucket with success.
    if (await exists(inputs.bucket, aws)) {
      throw new Error(`The bucket ${inputs.bucket} exists already.`);
    }
    await aws.s3.send(
      new CreateBucketCommand({
        Bucket: inputs.bucket,
        ...(aws.region === "us-east-1"
          ? {}
          : {
              CreateBucketConfiguration: {
                LocationConstraint: z.enum(BucketLocationConstraint).parse(aws.region),
              },
            }),
      }),
    );
    if (inputs.tags !== undefined) {
      await aws.s3.send(
        new PutBucketTaggingCommand({ Bucket: inputs.bucket, Tagging: { TagSet: tagList(inputs.tags) } }),
      );
    }
    return { id: inputs.bucket, outputs: bucketOutputs(inputs.bucket, inputs.tags, aws) };
  },
  read: async (id, aws) => {
    if (!(await exists(id, aws))) {
      return undefined;
    }
    const tagging = await unlessAbsent(
      ["NoSuchTagSet"],
      aws.s3.send(new GetBucketTaggingCommand({ Bucket: id })),
    );
    const found = tagRecord(tagging?.TagSet);
    return { ...bucketOutputs(id, found, aws), bucket: id, tags: found };
  },
  update: async (id, inputs, olds, aws) => {
    if (inputs.tags !== undefined) {
      await aws.s3.send(
        new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: tagList(inputs.tags) } }),
      );
    } else if (olds.tags !== undefined) {
      await aws.s3.send(new DeleteBucketTaggingCommand({ Bucket: id }));
    }
    return bucketOutputs(id, inputs.tags, aws);
  },
  delete: async (id, { forceDestroy }, aws) => {
    if (!(await exists(id, aws))) {
      return;
    }
    if (forceDestroy) {
      await emptyBucket(id, aws.s3);
    }
    await aws.s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
});
