/**
 * Many uploads of mixed sizes through the whole program on the emulator, as fast as its function takes them: how many a
 * second, how long each waits for its record, and what the function's processes hold over time. Memory that grows ends
 * it with 1. Options: `--uploads 2000`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as timers from "node:timers/promises";
import { parseArgs } from "node:util";
import { startPipeline } from "../../local/start/pipeline.ts";
import { queueDepth } from "../../operator/queue/queues.ts";
import { randomFrom } from "../support/random.ts";
import { courseOf, sampleFunctionMemory } from "./support/function-memory.ts";
import { madeOnce, photoFile, sceneOf } from "./support/photos.ts";
import { CACHE, saveResult, thisMachine } from "./support/results.ts";
import { quantile } from "./support/statistics.ts";
import { mebibytes, terminalTable } from "./support/table.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { uploads: { type: "string", default: "2000" } },
});
const uploads = Number(options.uploads);

const SEED = 20_261_125;
/** Uploads sent at once. */
const SENDERS = 4;
/** Messages that wait or are in work at most: two runs' batches, and a few for the next. More would only wait longer. */
const MOST_AHEAD = 12;
const POLL_MS = 100;
const WARM_UP = 20;
/** Growth of memory, from the first third to the last, that is none: what garbage collection leaves to chance. */
const STEADY = 1.1;

/** Small originals are many, and large ones few, as in most folders. */
const MIX = [
  { share: 0.5, about: "0.3 megapixels, JPEG", file: () => made(640, 400) },
  { share: 0.25, about: "1 megapixel, JPEG", file: () => made(1280, 800) },
  { share: 0.1, about: "0.3 megapixels, PNG", file: () => made(640, 400, "png") },
  { share: 0.12, about: "3 megapixels, JPEG", file: () => photoFile("web-3mp.jpg") },
  { share: 0.03, about: "24 megapixels, JPEG", file: () => photoFile("camera-24mp.jpg") },
] as const;

const made = (width: number, height: number, format: "jpeg" | "png" = "jpeg"): Promise<string> =>
  madeOnce(`load-${width}.${format}`, async () => {
    const scene = await sceneOf({ width, height });
    return format === "png" ? scene.png() : scene.jpeg({ quality: 85 });
  });

const originals = await Promise.all(
  MIX.map(async ({ share, about, file }) => ({ share, about, bytes: readFileSync(await file()) })),
);
const next = randomFrom(SEED);
const anyOriginal = (): Uint8Array => {
  let place = next() * originals.reduce((sum, { share }) => sum + share, 0);
  for (const { share, bytes } of originals) {
    place -= share;
    if (place < 0) return bytes;
  }
  throw new RangeError("Expected the shares of the mix to be 1 together.");
};

const pipeline = await startPipeline({
  logFile: join(CACHE, "load-emulator.log"),
  onProgress: (step) => console.log(`${step} ...`),
});
const { sqs } = pipeline.aws;

const ahead = async (): Promise<number> => {
  const { waiting, inFlight } = await queueDepth({ sqs }, pipeline.outputs.queueUrl);
  return waiting + inFlight;
};

/** Sends so many uploads, no faster than they are taken. @returns when each was there, by its key */
const send = async (count: number, folder: string): Promise<ReadonlyMap<string, number>> => {
  const sentAt = new Map<string, number>();
  const keys = Array.from({ length: count }, (_, index) => `${folder}/${index}`).values();
  const sendThem = async (): Promise<void> => {
    for (const key of keys) {
      while ((await ahead()) >= MOST_AHEAD) await timers.setTimeout(POLL_MS);
      await pipeline.upload(anyOriginal(), key);
      sentAt.set(key, Date.now());
      if (sentAt.size % 100 === 0) console.log(`${sentAt.size} of ${count} sent`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sendThem));
  while ((await ahead()) > 0) await timers.setTimeout(POLL_MS);
  return sentAt;
};

try {
  await send(WARM_UP, "warm");
  const memorySampling = sampleFunctionMemory();
  const begin = performance.now();
  const sentAt = await send(uploads, "load");
  const seconds = (performance.now() - begin) / 1000;
  memorySampling.end();

  const latencies: number[] = [];
  let attempts = 0;
  for (const [key, at] of sentAt) {
    const record = await pipeline.record(key);
    if (record?.State !== "PROCESSED") {
      throw new Error(`${key} became ${record?.State}: ${record?.Reason}`);
    }
    attempts += record.Attempts;
    latencies.push(Date.parse(record.ProcessedAt ?? "") - at);
  }
  const course = courseOf(memorySampling.samples);
  const memory = course && {
    processes: course.processes,
    firstThirdBytes: course.firstThirdBytes,
    lastThirdBytes: course.lastThirdBytes,
    mostBytes: course.mostBytes,
    bytesPerThousand: (course.bytesPerSecond * seconds * 1000) / uploads,
    isSteady: course.lastThirdBytes <= STEADY * course.firstThirdBytes,
  };
  const result = {
    uploads,
    mostAhead: MOST_AHEAD,
    mix: originals.map(({ share, about, bytes }) => ({ share, about, bytes: bytes.length })),
    imagesPerSecond: uploads / seconds,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    p99Ms: quantile(latencies, 0.99),
    attempts,
    memory,
  };
  console.log(
    terminalTable(
      ["uploads", "images/s", "p50 ms", "p95 ms", "p99 ms", "attempts"],
      [
        [
          String(uploads),
          result.imagesPerSecond.toFixed(2),
          result.p50Ms.toFixed(0),
          result.p95Ms.toFixed(0),
          result.p99Ms.toFixed(0),
          String(attempts),
        ],
      ],
    ),
  );
  if (memory === undefined) {
    console.log(
      "The memory of the function's processes is told on Linux alone, and of a run of some seconds.",
    );
  } else {
    console.log(
      `memory of ${memory.processes} processes: ${mebibytes(memory.firstThirdBytes)} MiB in the first third, ` +
        `${mebibytes(memory.lastThirdBytes)} in the last, ${mebibytes(memory.mostBytes)} at most; ` +
        `${(memory.bytesPerThousand / 2 ** 20).toFixed(1)} MiB more a thousand uploads`,
    );
    if (!memory.isSteady) process.exitCode = 1;
  }
  saveResult("load", result, thisMachine());
} finally {
  await pipeline.close();
}
