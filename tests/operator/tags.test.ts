import { PutObjectCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { search } from "../../operator/library/search.ts";
import { reprocess } from "../../operator/reprocess/reprocess.ts";
import type { Target } from "../../operator/target.ts";
import { OUTCOME_TIMEOUT_MS } from "../local/support/emulated-aws.ts";
import { localPipeline } from "../local/support/local-pipeline.ts";
import { gradient } from "../local/support/test-images.ts";
import { targetOf } from "./support.ts";

const local = localPipeline({ settings: { recordTags: '["album","cost-center"]' } });
let target: Target;
let photo: Buffer;
beforeAll(async () => {
  target = targetOf(local.pipeline);
  photo = await gradient(60, 40).jpeg().toBuffer();
});
afterAll(() => target.close());

const upload = async (Key: string, Tagging: string, Body: Uint8Array = photo): Promise<void> => {
  const { sourceBucket: bucket } = target.outputs;
  const { VersionId } = await target.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, Tagging }));
  await local.pipeline.waitForRecord({ key: Key, versionId: VersionId });
};

const found = async (tag: string): Promise<readonly string[]> =>
  (await search(target, { tag })).records.map(({ ImageKey }) => ImageKey).toSorted();

test("originals are found by the object tags that they came with, images or not", async () => {
  await upload("t/one.jpg", "album=holiday%202026&cost-center=7&other=x");
  await upload("t/two.jpg", "album=holiday%202026");
  await upload("t/three.jpg", "album=work");
  await upload("t/notes.txt", "cost-center=7", Buffer.from("no image"));
  expect(await local.pipeline.record("t/one.jpg")).toMatchObject({
    Tags: { album: "holiday 2026", "cost-center": "7" },
  });
  expect(await found("album=holiday 2026")).toEqual(["t/one.jpg", "t/two.jpg"]);
  expect(await found("cost-center=7")).toEqual(["t/notes.txt", "t/one.jpg"]);
  expect(await found("album=none")).toEqual([]);
});

test("tags that are changed later are taken up by a reprocess, and those of an overwritten original are gone", async () => {
  await target.s3.send(
    new PutObjectTaggingCommand({
      Bucket: target.outputs.sourceBucket,
      Key: "t/three.jpg",
      Tagging: { TagSet: [{ Key: "album", Value: "home" }] },
    }),
  );
  expect(await found("album=work")).toEqual(["t/three.jpg"]);
  expect(await reprocess(target, { tag: "album=work" })).toBe(1);
  await expect.poll(() => found("album=home"), { timeout: OUTCOME_TIMEOUT_MS }).toEqual(["t/three.jpg"]);
  expect(await found("album=work")).toEqual([]);
  await upload("t/two.jpg", "", await gradient(40, 60).png().toBuffer());
  expect(await found("album=holiday 2026")).toEqual(["t/one.jpg"]);
});
