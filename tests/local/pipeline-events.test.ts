import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test, vi } from "vitest";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { localPipeline } from "./support/local-pipeline.ts";
import { gradient } from "./support/test-images.ts";

const local = localPipeline({ settings: { onDelete: "remove" } });

const image = (width: number): Promise<Buffer> => gradient(width, 200).jpeg().toBuffer();

const recordThat = (key: string, isSo: (record: AssetRecord) => boolean): Promise<AssetRecord> =>
  vi.waitFor(
    async () => {
      const record = await local.pipeline.record(key);
      if (record === undefined || !isSo(record)) throw new Error(JSON.stringify(record) ?? "no record");
      return record;
    },
    { timeout: OUTCOME_TIMEOUT_MS, interval: 50 },
  );

const processed = (key: string, width: number): Promise<AssetRecord> =>
  recordThat(
    key,
    ({ State, Width, NotifiedAt }) => State === "PROCESSED" && Width === width && NotifiedAt !== undefined,
  );

const deleted = (key: string): Promise<AssetRecord> => recordThat(key, ({ State }) => State === "DELETED");

const remove = (Key: string, VersionId?: string) =>
  local.pipeline.aws.s3.send(
    new DeleteObjectCommand({ Bucket: local.pipeline.outputs.sourceBucket, Key, VersionId }),
  );

const noRenditions = (key: string) =>
  vi.waitFor(async () => expect(await local.pipeline.renditions(key)).toEqual([]), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 50,
  });

test("an original that is deleted takes its renditions along, comes back with its delete marker's end, and stays away after its versions'", async () => {
  const key = "deleted/and restored.jpg";
  const { versionId } = await local.pipeline.upload(await image(300), key);
  await processed(key, 300);

  const { VersionId: marker } = await remove(key);
  const record = await deleted(key);
  expect(record).toMatchObject({ DeletedAt: expect.any(String), VersionId: versionId });
  expect(record.Renditions).toBeUndefined();
  await noRenditions(key);

  await remove(key, marker);
  expect(await processed(key, 300)).toMatchObject({ VersionId: versionId });
  expect(await local.pipeline.renditions(key)).toHaveLength(6);

  await remove(key, versionId);
  await deleted(key);
  await noRenditions(key);
});

test("the version before is processed again when the current one is deleted for good, and an old one's end changes nothing", async () => {
  const key = "versions.jpg";
  const first = await local.pipeline.upload(await image(300), key);
  await processed(key, 300);
  const second = await local.pipeline.upload(await image(310), key);
  await processed(key, 310);
  await remove(key, second.versionId);
  expect(await processed(key, 300)).toMatchObject({ VersionId: first.versionId });

  const third = await local.pipeline.upload(await image(320), key);
  const before = await processed(key, 320);
  await remove(key, first.versionId);
  const after = await recordThat(key, ({ Sequencer }) => Sequencer !== before.Sequencer);
  expect({ ...after, Sequencer: before.Sequencer }).toEqual(before);
  expect(after.VersionId).toBe(third.versionId);
});

test("an original with other renditions than the one it replaces leaves none of the latter's behind", async () => {
  const key = "transparent-then-not";
  await local.pipeline.upload(await gradient(300, 200).ensureAlpha(0.5).png().toBuffer(), key);
  await processed(key, 300);
  expect((await local.pipeline.renditions(key)).map((file) => file.key).sort()).toContain(`${key}/large.png`);
  await local.pipeline.upload(await image(310), key);
  const { Renditions = [] } = await processed(key, 310);
  const keys = (await local.pipeline.renditions(key)).map((file) => file.key);
  expect(keys.sort()).toEqual(Renditions.map(({ Key }) => Key).sort());
});

test("multipart uploads and copies are uploads like any other, and many can be deleted at once", async () => {
  const { aws, outputs } = local.pipeline;
  const Bucket = outputs.sourceBucket;
  const Key = "in parts.jpg";
  const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag } = await aws.s3.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: await image(300) }),
  );
  await aws.s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }),
  );
  await processed(Key, 300);
  await aws.s3.send(
    new CopyObjectCommand({ Bucket, Key: "copied.jpg", CopySource: `${Bucket}/${encodeURIComponent(Key)}` }),
  );
  await processed("copied.jpg", 300);
  await aws.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key: "copied.jpg" }] } }),
  );
  await Promise.all([deleted(Key), deleted("copied.jpg")]);
});

test("an archived original fails, and is processed as soon as it is restored", async () => {
  const { aws, outputs } = local.pipeline;
  const at = { Bucket: outputs.sourceBucket, Key: "archived.jpg" };
  const { VersionId } = await aws.s3.send(
    new PutObjectCommand({ ...at, Body: await image(300), StorageClass: "GLACIER" }),
  );
  const isFailed = ({ State, NotifiedAt }: AssetRecord) => State === "FAILED" && NotifiedAt !== undefined;
  expect(await recordThat(at.Key, isFailed)).toMatchObject({ VersionId, ReasonCode: "SOURCE_ARCHIVED" });
  await aws.s3.send(new RestoreObjectCommand({ ...at, RestoreRequest: { Days: 1 } }));
  const record = await processed(at.Key, 300);
  expect(record).toMatchObject({ VersionId, Attempts: 1 });
  expect(record.ReasonCode).toBeUndefined();
  expect(await local.pipeline.renditions(at.Key)).toHaveLength(6);
});
