import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Target } from "../../../operator/target.ts";
import type { Difference } from "../../../operator/verify/differences.ts";
import { type Verified, type VerifyOptions, verify } from "../../../operator/verify/verify.ts";
import { localPipeline } from "../../local/support/local-pipeline.ts";
import { gradient } from "../../local/support/test-images.ts";
import { targetOf } from "../support.ts";

const local = localPipeline();
let target: Target;
beforeAll(() => {
  target = targetOf(local.pipeline);
});
afterAll(() => target.close());

const verified = async (
  options: VerifyOptions = {},
): Promise<Verified & { readonly found: readonly Difference[] }> => {
  const found: Difference[] = [];
  const counts = await verify(target, (difference) => found.push(difference), {
    graceSeconds: 0,
    ...options,
  });
  return { ...counts, found };
};

const KEYS = [
  "v/a",
  "v/a-b",
  "v/a/b.jpg",
  "v/a.jpg",
  "v/日本.jpg",
  "v/\u{1F3D6}.jpg",
  "v/\u{FF5E}.jpg",
] as const;

test("a pipeline that has done its work has no differences, whatever the keys and the order of their bytes", async () => {
  const bytes = await gradient(300, 200).jpeg().toBuffer();
  await Promise.all(
    KEYS.map(async (key) => local.pipeline.waitForRecord(await local.pipeline.upload(bytes, key))),
  );
  await local.pipeline.waitForRecord(await local.pipeline.upload(Buffer.from("no image"), "v/notes.txt"));
  await local.pipeline.upload(Buffer.alloc(0), "v/folder/");
  expect(await verified({ hash: true })).toEqual({
    originals: 9,
    records: 9,
    renditions: 48,
    differences: 0,
    found: [],
  });
  expect(await verified({ prefix: "v/a" })).toMatchObject({
    originals: 4,
    records: 4,
    renditions: 24,
    differences: 0,
  });
});

test("every kind of difference is found and named", async () => {
  const { s3, dynamodb, outputs } = target;
  const { sourceBucket, destinationBucket, tableName } = outputs;
  await s3.send(new DeleteObjectCommand({ Bucket: destinationBucket, Key: "v/a/large.webp" }));
  await s3.send(new PutObjectCommand({ Bucket: destinationBucket, Key: "v/a-b/large.webp", Body: "other" }));
  await s3.send(
    new PutObjectCommand({ Bucket: destinationBucket, Key: "v/stray/large.webp", Body: "stray" }),
  );
  await dynamodb.send(
    new DeleteItemCommand({ TableName: tableName, Key: { ImageKey: { S: "v/notes.txt" } } }),
  );
  const { found, differences } = await verified();
  expect(found.map(({ kind, what, key }) => `${kind} ${what} ${key}`)).toEqual([
    "missing original v/notes.txt",
    "mismatch rendition v/a-b/large.webp",
    "missing rendition v/a/large.webp",
    "orphaned rendition v/stray/large.webp",
  ]);
  expect(differences).toBe(4);
  expect(found[1]?.detail).toMatch(/^it has 5 bytes, but its record says \d+$/);
  expect((await verified({ graceSeconds: 900 })).found.map(({ key }) => key)).toEqual([
    "v/a-b/large.webp",
    "v/a/large.webp",
  ]);
  expect(sourceBucket).not.toBe(destinationBucket);
});
