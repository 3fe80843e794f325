import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claim, findRunning, publish, release } from "../../local/running.ts";
import type { RunningPipeline } from "../../operator/running.ts";

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "running-"));
  file = join(folder, "local", "running.json");
});
afterEach(() => rm(folder, { recursive: true }));

const pipeline: RunningPipeline = {
  endpoint: "https://127.0.0.1:4566",
  authorityFile: "/tmp/authority.pem",
  logFile: "/tmp/emulator.log",
  region: "us-east-1",
  outputs: {
    sourceBucket: "source",
    destinationBucket: "destination",
    topicArn: "arn",
    queueUrl: "queue",
    deadLetterQueueUrl: "dead",
    tableName: "table",
    functionName: "function",
    logGroupName: "group",
  },
};
const NONE = "No pipeline runs here: start one with `npm start`, and run this again in another window.";

test("the pipeline is found from when it is ready until it is released", () => {
  expect(() => findRunning(file)).toThrow(NONE);
  claim(file);
  expect(() => findRunning(file)).toThrow(
    "The pipeline is still starting: run this again when `npm start` says it is ready.",
  );
  publish(pipeline, file);
  expect(findRunning(file)).toEqual(pipeline);
  release(file);
  expect(() => findRunning(file)).toThrow(NONE);
  release(file);
});

test("a second start is told of the first", () => {
  claim(file);
  expect(() => claim(file)).toThrow(
    new RegExp(
      `^The pipeline runs already, since \\d{4}-.*Z, as process ${process.pid}\\. ` +
        "Upload with `npm run upload -- FILE`, or stop it with Ctrl-C in its window first\\.$",
    ),
  );
});

test("what a killed start left behind counts for nothing", async () => {
  const killed = execFile(process.execPath, ["--eval", ""]);
  const { pid } = killed;
  await once(killed, "close");
  claim(file);
  await writeFile(file, JSON.stringify({ pid, startedAt: "2026-11-23T12:00:00.000Z", pipeline }));
  expect(() => findRunning(file)).toThrow(NONE);
  claim(file);
  publish(pipeline, file);
  expect(findRunning(file)).toEqual(pipeline);
});

test("a file that is none of ours counts for nothing", async () => {
  claim(file);
  await writeFile(file, "{");
  expect(() => findRunning(file)).toThrow(NONE);
  claim(file);
});
