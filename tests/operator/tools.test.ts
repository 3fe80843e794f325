import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { failuresLines } from "../../operator/cli/failures.ts";
import { statusLines } from "../../operator/cli/status.ts";
import { readFailures } from "../../operator/health/failures.ts";
import { readStatus } from "../../operator/health/status.ts";
import { queueDepth } from "../../operator/queue/queues.ts";
import { redrive } from "../../operator/queue/redrive.ts";
import type { Target } from "../../operator/target.ts";
import { OUTCOME_TIMEOUT_MS } from "../local/support/emulated-aws.ts";
import { localPipeline } from "../local/support/local-pipeline.ts";
import { withoutGrant } from "../local/support/role-grants.ts";
import { gradient } from "../local/support/test-images.ts";
import { targetOf } from "./support.ts";

const local = localPipeline({ settings: { maxReceiveCount: "1" } });
let target: Target;
beforeAll(() => {
  target = targetOf(local.pipeline);
});
afterAll(() => target.close());

const photo = (): Promise<Buffer> => gradient(300, 200).jpeg().toBuffer();

/** The emulator's function is given its messages again after so long. */
const hideFor = (seconds: number) =>
  target.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: target.outputs.queueUrl,
      Attributes: { VisibilityTimeout: String(seconds) },
    }),
  );

/** Uploads that fail at their only try, and are dead letters then. */
const deadUploads = async (keys: readonly string[]): Promise<void> => {
  await hideFor(2);
  const bytes = await photo();
  await withoutGrant(local.pipeline, "dynamodb:UpdateItem", async () => {
    for (const key of keys) await local.pipeline.upload(bytes, key);
    await vi.waitFor(
      async () => {
        const { waiting } = await queueDepth(target, target.outputs.deadLetterQueueUrl);
        expect(waiting).toBe(keys.length);
      },
      { timeout: OUTCOME_TIMEOUT_MS, interval: 200 },
    );
  });
  await hideFor(300);
};

test("status tells in one line that a pipeline works, and counts what it did", async () => {
  await local.pipeline.waitForRecord(await local.pipeline.upload(Buffer.from("no image"), "notes.txt"));
  const status = await readStatus(target);
  expect(status).toMatchObject({
    verdict: { state: "working", line: "Working: 1 processed, 1 failed, nothing waits." },
    records: { RECEIVED: 0, PROCESSED: 1, FAILED: 1, DELETED: 0 },
    failures: { UNSUPPORTED_FORMAT: 1 },
    queue: { waiting: 0, inFlight: 0 },
    deadLetters: { waiting: 0, inFlight: 0 },
    oldestReceivedSeconds: undefined,
    intake: { isOpen: true },
    alarms: [],
    unconfirmedSubscriptions: 0,
  });
  expect(statusLines(status)).toEqual([
    "Working: 1 processed, 1 failed, nothing waits.",
    "",
    "records                 0 RECEIVED, 1 PROCESSED, 1 FAILED, 0 DELETED",
    "failed                  1 UNSUPPORTED_FORMAT",
    "ingest queue            0 waiting, 0 in work",
    "dead letters            0",
    "oldest message          CloudWatch has no figure",
    "oldest without outcome  none",
    "intake                  open",
    "alarms                  none",
  ]);
});

test("dead letters are told with what the function logged, and come back after a fix", async () => {
  await deadUploads(["dead/one.jpg", "dead/two.jpg"]);
  expect((await readStatus(target)).verdict).toEqual({
    state: "not working",
    line: "Not working: 2 uploads failed at every try and are dead letters. See `npm run failures`, mend the cause, then `npm run redrive`.",
  });
  const { failed, unfinished, deadLetters } = await readFailures(target);
  // The table was out of reach: no record could say so.
  expect(unfinished).toEqual([]);
  expect(failed).toEqual([
    {
      key: "notes.txt",
      uploadTime: expect.stringMatching(/^\d{4}-.*Z$/),
      reasonCode: "UNSUPPORTED_FORMAT",
      reason: expect.stringContaining("expected jpeg"),
      whatToDo: expect.stringContaining("Save the picture as one of"),
    },
  ]);
  expect(deadLetters.flatMap(({ keys }) => keys).toSorted()).toEqual(["dead/one.jpg", "dead/two.jpg"]);
  for (const { keys, errors } of deadLetters) {
    expect(errors).toEqual([
      expect.stringMatching(
        new RegExp(`^RECORD_FAILED: The record of ${keys[0]} could not be written\\. \\(AccessDenied`),
      ),
    ]);
  }
  expect(failuresLines({ failed, unfinished, deadLetters })).toContain(
    "Dead letters, which failed at every try: 2. Mend the cause, then `npm run redrive`.",
  );
  expect((await readFailures(target, { prefix: "dead/one" })).deadLetters).toHaveLength(1);

  const seen: number[] = [];
  expect(await redrive(target, { dryRun: true })).toEqual({ found: 2, moved: 0, by: "nobody" });
  expect(await redrive(target, { onProgress: ({ done }) => seen.push(done) })).toEqual({
    found: 2,
    moved: 2,
    by: "this program",
  });
  expect(seen).toEqual([1, 2]);
  await vi.waitFor(async () => expect((await readStatus(target)).records["PROCESSED"]).toBe(3), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 200,
  });
  expect(await redrive(target)).toEqual({ found: 0, moved: 0, by: "nobody" });
  expect((await readStatus(target)).verdict.state).toBe("working");
});
