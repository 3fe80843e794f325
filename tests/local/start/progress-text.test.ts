import { expect, test } from "vitest";
import type { AssetRecord } from "../../../handler/core/record/record.ts";
import { progressText } from "../../../local/start/progress-text.ts";
import { durationText } from "../../../operator/duration-text.ts";

const record: AssetRecord = {
  ImageKey: "a.jpg",
  SourceBucket: "source",
  DestinationBucket: "destination",
  UploadTime: "2026-11-23T12:00:00.000Z",
  State: "PROCESSED",
  Sequencer: "01",
  SizeBytes: 2_202_010,
  Attempts: 1,
  DurationMs: 1234,
  Format: "jpeg",
  Width: 3000,
  Height: 2000,
  Renditions: [
    { Name: "thumbnail", Key: "t.webp", Format: "webp", Width: 200, Height: 200, SizeBytes: 900 },
    { Name: "thumbnail", Key: "t.jpg", Format: "jpeg", Width: 200, Height: 200, SizeBytes: 2048 },
    { Name: "medium", Key: "m.webp", Format: "webp", Width: 800, Height: 533, SizeBytes: 10_240 },
  ],
};
const retry = { maxReceiveCount: 5, visibilityTimeoutSeconds: 360 };

test("durations are told in units that people use", () => {
  expect([0, 250.4, 999, 1234, 59_000, 360_000, 90_000].map(durationText)).toEqual([
    "0 ms",
    "250 ms",
    "999 ms",
    "1.2 s",
    "59.0 s",
    "6 min",
    "1.5 min",
  ]);
});

test("an upload that is processed is told with each rendition's pixels and bytes", () => {
  expect(progressText({ kind: "received", record })).toEqual(["received, 2.1 MiB"]);
  expect(progressText({ kind: "processed", record })).toEqual([
    "3 renditions of a 3000 x 2000 JPEG in 1.2 s, recorded",
    "  thumbnail  200 x 200    webp 900 bytes, jpeg 2.0 KiB",
    "  medium     800 x 533    webp 10.0 KiB",
  ]);
  expect(progressText({ kind: "mailed", record })).toEqual(["mailed"]);
  expect(progressText({ kind: "mailed", record }, true)).toEqual(["entered for the next digest"]);
});

test("an upload that fails is told with its reason", () => {
  const failed: AssetRecord = {
    ...record,
    State: "FAILED",
    ReasonCode: "CORRUPT_IMAGE",
    Reason: "It ends early.",
  };
  expect(progressText({ kind: "failed", record: failed })).toEqual([
    "FAILED, recorded: CORRUPT_IMAGE",
    "  It ends early.",
  ]);
});

test("a try that fails is told with its cause and when the next one is", () => {
  const line = {
    level: "ERROR",
    message: "The message goes back to the queue",
    timestamp: "2026-11-23T12:00:00.000Z",
    messageId: "m",
    delivery: 2,
    error: {
      name: "PipelineError",
      code: "STORE_FAILED",
      message: "a.jpg/medium.webp could not be stored.",
      cause: { name: "AccessDenied", message: "not authorized" },
    },
  };
  expect(progressText({ kind: "given-back", line, retry })).toEqual([
    "try 2 of 5 failed, the next is in 6 min",
    "  STORE_FAILED: a.jpg/medium.webp could not be stored. (AccessDenied: not authorized)",
  ]);
  expect(progressText({ kind: "given-back", line: { ...line, error: undefined }, retry })).toEqual([
    "try 2 of 5 failed, the next is in 6 min",
    "  it is not told why",
  ]);
  const last = { ...line, delivery: 5, error: { name: "Error", message: "no more" } };
  expect(progressText({ kind: "given-back", line: last, retry })).toEqual([
    "try 5 of 5 failed",
    "  Error: no more",
  ]);
  expect(progressText({ kind: "dead", retry })).toEqual([
    "given up: its message goes to the dead-letter queue",
  ]);
  expect(progressText({ kind: "replaced" })).toEqual(["replaced or deleted before it was processed"]);
});
