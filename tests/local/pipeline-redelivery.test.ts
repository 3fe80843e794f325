import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Pipeline, startPipeline } from "../../local/start/pipeline.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { Endings, TWO_RENDITIONS } from "./support/faults/endings.ts";
import { FaultyPipeline } from "./support/faults/faulty-pipeline.ts";
import { gradient } from "./support/test-images.ts";

/** A message that is in work is delivered once more after so long: the least that SQS takes. */
const SHORT_SECONDS = 1;
const HOURS_MS = 3_600_000;

vi.setConfig({ testTimeout: 2 * OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });

let pipeline: Pipeline;
let faulty: FaultyPipeline;
let endings: Endings;
let picture: Buffer;

const started = (file: string, clocksAheadMs: readonly number[]) => {
  beforeAll(async () => {
    pipeline = await startPipeline({
      logFile: logFileFor(file),
      settings: { onDelete: "remove", renditions: TWO_RENDITIONS },
    });
    faulty = await FaultyPipeline.start(pipeline, { clocksAheadMs });
    endings = new Endings(pipeline, faulty);
    picture = await gradient(20, 20).png().toBuffer();
  });
  afterAll(async () => {
    await faulty?.stop();
    await pipeline?.close();
  });
};

/** A batch once there is one; the emulator may need a moment. */
const received = (visibilitySeconds?: number) =>
  vi.waitFor(
    async () => {
      const messages = await faulty.receive(visibilitySeconds);
      expect(messages.length).toBeGreaterThan(0);
      return messages;
    },
    { timeout: OUTCOME_TIMEOUT_MS, interval: 50 },
  );

describe("a message that is delivered once more while it is in work", () => {
  started("pipeline-redelivery.test.ts", [0, 0]);

  test.each([
    ["UpdateItem (received)", 1],
    ["GetObject", 1],
    ["PutObject", 1],
    ["UpdateItem (outcome)", 1],
    // Both have a notice to send by then: at least one is sent, and no more than one each.
    ["Publish", 2],
    ["UpdateItem (notified)", 2],
  ] as const)(
    "is done once, when the first run waits at %s until the second has ended",
    async (operation, mostNotices) => {
      const key = `${operation}.png`;
      const { versionId } = await pipeline.upload(picture, key);
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let isHeld = false;
      const held = new Promise<void>((resolve) => {
        faulty.proxy.hold = (call) => {
          if (isHeld || call.key !== key || call.operation !== operation) return undefined;
          isHeld = true;
          resolve();
          return released;
        };
      });
      const first = faulty.deliver(await received(SHORT_SECONDS), 0);
      await held;
      const again = await received();
      expect(again.map(({ Attributes }) => Attributes?.["ApproximateReceiveCount"])).toEqual(["2"]);
      await faulty.deliver(again, 1);
      release();
      await first;
      await faulty.drain();
      expect(await endings.wrongWith(key, versionId)).toEqual([]);
      expect(endings.notices(key)).toBeLessThanOrEqual(mostNotices);
      expect(faulty.failedDeliveries).toBe(0);
    },
  );
});

describe("a function whose clock is wrong", () => {
  started("pipeline-redelivery-clock.test.ts", [2 * HOURS_MS, 0, -2 * HOURS_MS]);

  test("works as any other, and the order of events is S3's: only the times that it writes are wrong", async () => {
    const key = "clock.png";
    const begunAt = Date.now();
    await pipeline.upload(picture, key);
    await faulty.deliver(await received(), 0);
    const ahead = await pipeline.record(key);
    expect(ahead).toMatchObject({ State: "PROCESSED", Attempts: 1 });
    expect(Date.parse(ahead?.ProcessedAt ?? "") - begunAt).toBeGreaterThan(HOURS_MS);
    expect(Math.abs(Date.parse(ahead?.UploadTime ?? "") - begunAt)).toBeLessThan(HOURS_MS);

    const { versionId } = await pipeline.upload(await gradient(30, 20).png().toBuffer(), key);
    await faulty.deliver(await received(), 1);
    expect(await endings.wrongWith(key, versionId)).toEqual([]);
    expect(await pipeline.record(key)).toMatchObject({ Width: 30, Attempts: 1 });

    await pipeline.aws.s3.send(new DeleteObjectCommand({ Bucket: pipeline.outputs.sourceBucket, Key: key }));
    await faulty.deliver(await received(), 2);
    expect(await pipeline.record(key)).toMatchObject({ State: "DELETED" });
    expect(await pipeline.renditions(key)).toEqual([]);
    // AWS refuses what is signed at a wrong time; each client corrects its clock by the answer and asks again.
    expect(faulty.failedDeliveries).toBe(0);
    expect(faulty.proxy.skewed).toBeGreaterThan(0);
  });
});
