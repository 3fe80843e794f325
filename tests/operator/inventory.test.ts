import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reprocessSequencer } from "../../handler/core/events/sequencer.ts";
import { argumentsOf } from "../../handler/core/reprocess/request.ts";
import type { Target } from "../../operator/target.ts";
import type { Difference } from "../../operator/verify/differences.ts";
import { inventoryOf } from "../../operator/verify/inventory-list.ts";
import { type Verified, verify } from "../../operator/verify/verify.ts";
import { OUTCOME_TIMEOUT_MS } from "../local/support/emulated-aws.ts";
import { localPipeline } from "../local/support/local-pipeline.ts";
import { gradient } from "../local/support/test-images.ts";
import { encodedKey } from "../support/upload-events.ts";
import { deliverLists, targetOf } from "./support.ts";

const local = localPipeline({ settings: { inventory: "daily" } });
let target: Target;
let photo: Buffer;

const upload = async (key: string, bytes = photo): Promise<void> => {
  await local.pipeline.waitForRecord(await local.pipeline.upload(bytes, key));
};

beforeAll(async () => {
  target = targetOf(local.pipeline);
  photo = await gradient(300, 200).jpeg().toBuffer();
  await Promise.all(["v/a", "v/a-b", "v/a/b.jpg", "v/日 1.jpg", "v/\u{1F3D6}.jpg"].map((key) => upload(key)));
}, OUTCOME_TIMEOUT_MS);
afterAll(() => target.close());

const verified = async (options: object = {}): Promise<Verified & { readonly found: readonly string[] }> => {
  const found: string[] = [];
  const tell = ({ kind, what, key }: Difference) => found.push(`${kind} ${what} ${key}`);
  return { ...(await verify(target, tell, { graceSeconds: 0, ...options })), found };
};

test("without a delivery, lists are waited for in a sentence", async () => {
  await expect(verified({ inventory: true })).rejects.toThrow(
    /^S3 has delivered no list of .*-source-.* yet: the first comes within 48 hours/,
  );
});

test("by lists, a pipeline that has done its work has no differences, whatever the keys and their order", async () => {
  await deliverLists(target, new Date("2026-11-24T01:00:00.000Z"));
  const { lists, ...byLists } = await verified({ inventory: true, hash: true });
  expect(byLists).toEqual(await verified({ hash: true }));
  expect(byLists).toMatchObject({ originals: 6, records: 6, renditions: 36, differences: 0 });
  expect(lists).toEqual({ originals: "2026-11-24T01:00:00.000Z", renditions: "2026-11-24T01:00:00.000Z" });
});

test("what has changed since the lists were made, and is as it should be, is no difference", async () => {
  const { s3, outputs } = target;
  await upload("v/new.jpg");
  await upload("v/a", await gradient(200, 300).png().toBuffer());
  await s3.send(new DeleteObjectCommand({ Bucket: outputs.sourceBucket, Key: "v/a-b" }));
  await expect
    .poll(async () => (await local.pipeline.record("v/a-b"))?.State, { timeout: OUTCOME_TIMEOUT_MS })
    .toBe("DELETED");
  expect((await verified({ inventory: true })).found).toEqual([]);
});

test("the deployed function has an original of a list processed once more, quietly, in the version of its record", async () => {
  const { lambda, outputs } = target;
  const before = await local.pipeline.record("v/new.jpg");
  const run = new Date();
  const event = (key: string) => ({
    invocationSchemaVersion: "2.0",
    invocationId: "invocation",
    job: { id: "job", userArguments: argumentsOf({ run, selection: { prefix: "v/new" }, notify: false }) },
    tasks: [{ taskId: "task", s3Bucket: outputs.sourceBucket, s3Key: encodedKey(key), s3VersionId: null }],
  });
  const invoke = async (key: string): Promise<unknown> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: inventoryOf(target).functionArn,
        Payload: JSON.stringify(event(key)),
      }),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload ?? []).toString()).results;
  };
  const result = (resultString: string) => [{ taskId: "task", resultCode: "Succeeded", resultString }];
  expect(await invoke("v/a")).toEqual(result("skipped: its key begins otherwise"));
  expect(await invoke("v/new.jpg")).toEqual(result("sent"));
  await expect
    .poll(async () => ((await local.pipeline.record("v/new.jpg"))?.NotifiedAt ?? "") > run.toISOString(), {
      timeout: OUTCOME_TIMEOUT_MS,
    })
    .toBe(true);
  const after = await local.pipeline.record("v/new.jpg");
  expect(after).toMatchObject({
    State: "PROCESSED",
    VersionId: before?.VersionId,
    UploadTime: before?.UploadTime,
    Sequencer: reprocessSequencer(before?.Sequencer, run),
  });
  // S3 may hand a task over again.
  expect(await invoke("v/new.jpg")).toEqual(result("sent"));
  await expect
    .poll(async () => (await local.pipeline.logLines("v/new.jpg")).map(({ message }) => message), {
      timeout: OUTCOME_TIMEOUT_MS,
    })
    .toContain("Already processed");
  expect((await local.pipeline.record("v/new.jpg"))?.ProcessedAt).toBe(after?.ProcessedAt);
});

test("every kind of difference that the newest lists show is found, as the buckets themselves show it", async () => {
  const { s3, dynamodb, outputs } = target;
  const { destinationBucket, tableName } = outputs;
  await s3.send(new DeleteObjectCommand({ Bucket: destinationBucket, Key: "v/a/large.webp" }));
  await s3.send(
    new PutObjectCommand({ Bucket: destinationBucket, Key: "v/a/b.jpg/large.webp", Body: "other" }),
  );
  await s3.send(
    new PutObjectCommand({ Bucket: destinationBucket, Key: "v/stray/large.webp", Body: "stray" }),
  );
  await dynamodb.send(
    new DeleteItemCommand({ TableName: tableName, Key: { ImageKey: { S: "v/日 1.jpg" } } }),
  );
  await deliverLists(target, new Date("2026-11-25T01:00:00.000Z"));
  const byLists = await verified({ inventory: true });
  expect(byLists.found).toEqual([
    "missing original v/日 1.jpg",
    "mismatch rendition v/a/b.jpg/large.webp",
    "missing rendition v/a/large.webp",
    "orphaned rendition v/stray/large.webp",
    ...["large.jpg", "large.webp", "medium.jpg", "medium.webp", "thumbnail.jpg", "thumbnail.webp"].map(
      (name) => `orphaned rendition v/日 1.jpg/${name}`,
    ),
  ]);
  expect(byLists.lists?.originals).toBe("2026-11-25T01:00:00.000Z");
  expect(byLists.found).toEqual((await verified()).found);
});
