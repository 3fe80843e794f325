import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Selection } from "../../../handler/core/reprocess/selection.ts";
import { readAssetRecord } from "../../../operator/library/asset-record.ts";
import { estimateReprocess, type RunState, reprocess } from "../../../operator/reprocess/reprocess.ts";
import type { Target } from "../../../operator/target.ts";
import { verify } from "../../../operator/verify/verify.ts";
import { OUTCOME_TIMEOUT_MS } from "../../local/support/emulated-aws.ts";
import { localPipeline } from "../../local/support/local-pipeline.ts";
import { gradient } from "../../local/support/test-images.ts";
import { notificationBody, s3Record } from "../../support/upload-events.ts";
import { targetOf } from "../support.ts";

const local = localPipeline();
let target: Target;
beforeAll(async () => {
  target = targetOf(local.pipeline);
  const bytes = await gradient(300, 200).jpeg().toBuffer();
  await Promise.all(
    ["a/one.jpg", "a/two.jpg", "b/three.jpg"].map(async (key) =>
      local.pipeline.waitForRecord(await local.pipeline.upload(bytes, key)),
    ),
  );
}, OUTCOME_TIMEOUT_MS);
afterAll(() => target.close());

const recordOf = (key: string) => readAssetRecord(target, target.outputs.tableName, key);

const processedAfter = (key: string, time: string) =>
  vi.waitFor(
    async () => {
      const record = await recordOf(key);
      expect(record).toMatchObject({ State: "PROCESSED", NotifiedAt: expect.any(String) });
      expect((record?.ProcessedAt ?? "") > time).toBe(true);
      return record;
    },
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );

const mailsAbout = async (key: string): Promise<number> => {
  let count = 0;
  const ends = AbortSignal.timeout(500);
  try {
    for await (const mail of local.pipeline.mailbox.mails(ends)) {
      if (mail.attributes["imageKey"] === key) count += 1;
    }
  } catch (error) {
    if (!ends.aborted) throw error;
  }
  return count;
};

const differences = async (): Promise<number> =>
  (await verify(target, () => {}, { graceSeconds: 0 })).differences;

test("an estimate counts what is there and changes nothing", async () => {
  expect(await estimateReprocess(target, { prefix: "a/" })).toMatchObject({ originals: 2, renditions: 12 });
  const all = await estimateReprocess(target, {});
  expect(all.originals).toBe(4);
  expect((await estimateReprocess(target, {}, {}, 2)).originals).toBe(3);
  expect(all.dollars).toBeGreaterThan(4 * 35e-6);
  expect((await estimateReprocess(target, {}, { notify: true })).dollars - all.dollars).toBeCloseTo(
    4 * 20.5e-6,
    9,
  );
});

test("what is processed once more has new renditions and the record of the same upload, and nobody is mailed", async () => {
  const before = await recordOf("a/one.jpg");
  await target.s3.send(
    new DeleteObjectCommand({ Bucket: target.outputs.destinationBucket, Key: "a/one.jpg/large.webp" }),
  );
  const mails = await mailsAbout("a/one.jpg");
  const now = new Date();
  expect(await reprocess(target, { prefix: "a/one" }, {}, now)).toBe(1);
  const after = await processedAfter("a/one.jpg", now.toISOString());
  expect([after?.VersionId, after?.UploadTime, after?.Attempts]).toEqual([
    before?.VersionId,
    before?.UploadTime,
    1,
  ]);
  expect(await differences()).toBe(0);
  expect(await mailsAbout("a/one.jpg")).toBe(mails);
  // The same run again, as after a resume that does not know of its last batch.
  await reprocess(target, { prefix: "a/one" }, {}, now);
  await vi.waitFor(
    async () =>
      expect((await local.pipeline.logLines("a/one.jpg")).map(({ message }) => message)).toContain(
        "Already processed",
      ),
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );
  expect((await recordOf("a/one.jpg"))?.ProcessedAt).toBe(after?.ProcessedAt);
});

test("a run that was stopped goes on where it was", async () => {
  const selection: Selection = { prefix: "a/" };
  const states: RunState[] = [];
  const now = new Date();
  await reprocess(target, selection, { onState: (state) => states.push(state) }, now);
  expect(states).toHaveLength(1);
  expect(states[0]).toMatchObject({ run: now.toISOString(), sent: 2 });
  const resume = states[0];
  if (resume === undefined) throw new Error("Expected a state.");
  expect(await reprocess(target, selection, { resume })).toBe(2);
  await processedAfter("a/two.jpg", now.toISOString());
});

test("an original that the library lost is found and processed", async () => {
  await target.dynamodb.send(
    new DeleteItemCommand({ TableName: target.outputs.tableName, Key: { ImageKey: { S: "b/three.jpg" } } }),
  );
  const now = new Date();
  expect((await estimateReprocess(target, { missing: true })).originals).toBe(1);
  expect(await reprocess(target, { missing: true }, {}, now)).toBe(1);
  expect(await processedAfter("b/three.jpg", now.toISOString())).toMatchObject({ Width: 300, Height: 200 });
  expect((await estimateReprocess(target, { missing: true })).originals).toBe(0);
});

test("after the specs have changed, only originals that they are for are processed", async () => {
  const { lambda, outputs } = target;
  expect((await estimateReprocess(target, { specsChanged: true })).originals).toBe(0);
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.functionName }),
  );
  const specs = JSON.parse(Environment?.Variables?.["RENDITIONS"] ?? "[]");
  specs.push({ name: "tiny", width: 10, fit: "inside", formats: ["webp"], prefix: "b/" });
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: outputs.functionName,
      Environment: { Variables: { ...Environment?.Variables, RENDITIONS: JSON.stringify(specs) } },
    }),
  );
  const now = new Date();
  expect((await estimateReprocess(target, { specsChanged: true })).originals).toBe(1);
  expect(await reprocess(target, { specsChanged: true }, {}, now)).toBe(1);
  expect(
    (await processedAfter("b/three.jpg", now.toISOString()))?.Renditions?.map(({ Name }) => Name),
  ).toContain("tiny");
  expect((await estimateReprocess(target, { specsChanged: true })).originals).toBe(0);
});

const sendToQueue = (record: Parameters<typeof s3Record>[0]) =>
  target.sqs.send(
    new SendMessageCommand({
      QueueUrl: target.outputs.queueUrl,
      MessageBody: notificationBody(s3Record({ bucket: target.outputs.sourceBucket, ...record })),
    }),
  );

test("a key that a forged message froze takes what is there once it is reset, and uploads that come later", async () => {
  const { pipeline } = local;
  const key = "c/frozen.jpg";
  const large = await gradient(300, 200).jpeg().toBuffer();
  const small = await gradient(120, 80).jpeg().toBuffer();
  const first = await pipeline.waitForRecord(await pipeline.upload(large, key));
  const sequencer = "F".repeat(18);
  await sendToQueue({ object: { key, versionId: "forged", sequencer } });
  await vi.waitFor(async () => expect(await recordOf(key)).toMatchObject({ State: "FAILED" }), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 100,
  });
  // The forged message once more, of a version that there is: its renditions are beyond all later ones as well.
  await sendToQueue({ object: { key, versionId: first.VersionId, sequencer: `${sequencer}FF` } });
  await processedAfter(key, first.ProcessedAt ?? "");
  const { versionId } = await pipeline.upload(small, key);
  await vi.waitFor(
    async () =>
      expect((await pipeline.logLines(key)).map(({ message }) => message)).toContain(
        "Superseded before it was processed",
      ),
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );
  expect(await recordOf(key)).toMatchObject({ VersionId: first.VersionId, Width: 300 });

  expect((await estimateReprocess(target, { prefix: "c/" }, { reset: true })).originals).toBe(1);
  expect(await reprocess(target, { prefix: "c/" }, { reset: true })).toBe(1);
  await vi.waitFor(
    async () =>
      expect(await recordOf(key)).toMatchObject({
        State: "PROCESSED",
        VersionId: versionId,
        Width: 120,
        NotifiedAt: expect.any(String),
      }),
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );
  expect(await differences()).toBe(0);

  const third = await pipeline.waitForRecord(await pipeline.upload(large, key));
  expect(third).toMatchObject({ State: "PROCESSED", Width: 300 });
  expect(await differences()).toBe(0);
  const removed = new Date().toISOString();
  await target.s3.send(new DeleteObjectCommand({ Bucket: target.outputs.sourceBucket, Key: key }));
  await vi.waitFor(async () => expect(await recordOf(key)).toMatchObject({ State: "DELETED" }), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 100,
  });
  expect(((await recordOf(key))?.DeletedAt ?? "") >= removed.slice(0, 16)).toBe(true);
});
