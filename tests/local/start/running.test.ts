import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claim, findRunning, publish, release } from "../../../local/start/running.ts";
import type { RunningPipeline } from "../../../operator/running.ts";

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
  credentials: { accessKeyId: "AKIA0123456789ABCDEF", secretAccessKey: "secret of this run" },
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

test.skipIf(process.platform === "win32")(
  "no other user reads the emulator's credentials, even where new files are everybody's",
  async () => {
    const mask = process.umask(0);
    try {
      claim(file);
      publish(pipeline, file);
      expect(await readFile(file, "utf8")).toContain("secret of this run");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(mask);
    }
  },
);

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
