import { existsSync } from "node:fs";
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ChangeMessageVisibilityCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseUploadEvents } from "../../handler/core/events/s3-event.ts";
import { readRun, runFile } from "../../operator/reprocess/run-file.ts";
import type { Target } from "../../operator/target.ts";
import { OUTCOME_TIMEOUT_MS } from "../local/support/emulated-aws.ts";
import { localPipeline } from "../local/support/local-pipeline.ts";
import { gradient } from "../local/support/test-images.ts";
import { deliverLists, runCommand, startCommand, targetOf } from "./support.ts";

const KEYS = Array.from({ length: 12 }, (_, at) => `k/${String(at).padStart(2, "0")}.jpg`);

const local = localPipeline({ settings: { inventory: "daily" } });
let target: Target;
beforeAll(async () => {
  target = targetOf(local.pipeline);
  const bytes = await gradient(60, 40).jpeg().toBuffer();
  await Promise.all(
    KEYS.map(async (key) => local.pipeline.waitForRecord(await local.pipeline.upload(bytes, key))),
  );
}, OUTCOME_TIMEOUT_MS);
afterAll(() => target.close());

const command = (name: "reprocess" | "verify", ...args: readonly string[]) =>
  runCommand(local.pipeline, name, ...args);

const setIntake = async (Enabled: boolean): Promise<void> => {
  const { lambda } = target;
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID } of EventSourceMappings) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  }
};

/** Every message of the ingest queue, which nobody works on now; all of them wait again afterwards. */
const waitingMessages = async (): Promise<readonly Message[]> => {
  const { sqs, outputs } = target;
  const QueueUrl = outputs.queueUrl;
  const found: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 300,
        WaitTimeSeconds: 0,
      }),
    );
    if (Messages.length === 0) break;
    found.push(...Messages);
  }
  for (const { ReceiptHandle } of found) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return found;
};

describe("npm run verify", () => {
  test("ends with 0 when nothing differs", async () => {
    expect(await command("verify", "--hash", "--grace", "0")).toEqual({
      code: 0,
      out: "0 differences among 13 originals, 13 records and 78 renditions.\n",
      errors: "",
    });
  });

  test("ends with 1 and names a rendition whose content is not what its record says, which only its hash tells", async () => {
    const place = { Bucket: target.outputs.destinationBucket, Key: "k/03.jpg/large.webp" };
    const { Body } = await target.s3.send(new GetObjectCommand(place));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    await target.s3.send(new PutObjectCommand({ ...place, Body: bytes.toReversed() }));
    expect((await command("verify", "--grace", "0")).code).toBe(0);
    const found = await command("verify", "--grace", "0", "--hash", "--prefix", "k/0");
    expect(found).toEqual({
      code: 1,
      out: [
        "mismatch  rendition  k/03.jpg/large.webp: its content has another hash than its record says",
        "1 differences among 10 originals, 10 records and 60 renditions.\n",
      ].join("\n"),
      errors: "",
    });
    await target.s3.send(new PutObjectCommand({ ...place, Body: bytes }));
  });

  test("says by which lists it went", async () => {
    await deliverLists(target, new Date("2026-11-24T01:00:00.000Z"));
    const { code, out } = await command("verify", "--inventory", "--prefix", "k/");
    expect(code).toBe(0);
    expect(out).toBe(
      "0 differences among 12 originals, 12 records and 72 renditions. By S3's lists of 2026-11-24T01:00:00.000Z and " +
        "2026-11-24T01:00:00.000Z; what came, went or broke later was not met.\n",
    );
  });
});

describe("npm run reprocess", () => {
  test("that is killed goes on where it was, and sends nothing twice", async () => {
    await setIntake(false);
    const file = runFile(target.outputs.tableName, { prefix: "k/" });
    // The first ten go at once, the rest would wait for ten seconds.
    const killed = startCommand(local.pipeline, "reprocess", "--prefix", "k/", "--yes", "--rate", "1");
    await vi.waitFor(() => expect(readRun(file).sent).toBe(10), {
      timeout: OUTCOME_TIMEOUT_MS,
      interval: 50,
    });
    killed.kill("SIGKILL");
    await new Promise((resolve) => killed.once("close", resolve));
    const { run } = readRun(file);

    const resumed = await command("reprocess", "--prefix", "k/", "--yes", "--resume");
    expect(resumed).toMatchObject({ code: 0, errors: "" });
    expect(resumed.out).toContain("12 messages are in the ingest queue.");
    expect(existsSync(file)).toBe(false);

    const uploads = (await waitingMessages()).flatMap(({ Body = "" }) => parseUploadEvents(Body).reprocesses);
    expect(uploads.map(({ key }) => key).toSorted()).toEqual(KEYS);
    const ofRun = Date.parse(run).toString(16).toUpperCase().padStart(12, "0");
    expect(uploads.filter(({ sequencer }) => !sequencer.endsWith(ofRun))).toEqual([]);

    await setIntake(true);
    await vi.waitFor(
      async () => {
        for (const key of KEYS)
          expect(((await local.pipeline.record(key))?.ProcessedAt ?? "") > run).toBe(true);
      },
      { timeout: OUTCOME_TIMEOUT_MS, interval: 200 },
    );
  });

  test("has nothing to resume once it has ended", async () => {
    expect(await command("reprocess", "--prefix", "k/", "--yes", "--resume")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("There is no stopped run with this selection to resume"),
    });
  });

  test("--batch says first what the list holds, what it costs and how long it takes, and sends nothing in a dry run", async () => {
    const { code, out, errors } = await command("reprocess", "--prefix", "k/", "--batch", "--dry-run");
    expect([code, errors]).toEqual([0, ""]);
    expect(out.split("\n")).toEqual([
      "S3's list of 2026-11-24T01:00:00.000Z has 13 objects: S3 Batch Operations asks a function about each, $0.25.",
      expect.stringMatching(
        /^At most 12 originals of [\d.]+ [KM]iB are processed once more, 72 renditions, \d+ s of the function, about \$0\.00 at us-east-1 list prices\.$/,
      ),
      expect.stringMatching(
        /^All of them take \d+ s at 2 concurrent runs; uploads that come meanwhile wait behind them\.$/,
      ),
      "",
    ]);
  });

  test("--batch goes without what only this machine's loop has", async () => {
    for (const option of [["--here"], ["--resume"], ["--rate", "5"]]) {
      expect(await command("reprocess", "--all", "--batch", ...option)).toMatchObject({
        code: 1,
        errors: "--batch goes without --here, --resume and --rate: S3 keeps count by itself.\n",
      });
    }
  });
});
