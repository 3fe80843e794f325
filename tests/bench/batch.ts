/**
 * How long uploads take until their records say PROCESSED, on the emulator: the whole program, its zip, S3, SQS, DynamoDB
 * and SNS on this machine. The emulator starts a process of Node for an invocation that finds none waiting, and has
 * the machine's CPUs to share, so AWS itself is faster.
 * Options: `--uploads 40`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPipeline } from "../../local/start/pipeline.ts";
import { type PhotoName, photoFile } from "./support/photos.ts";
import { CACHE, saveResult, thisMachine } from "./support/results.ts";
import { quantile } from "./support/statistics.ts";
import { terminalTable } from "./support/table.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { uploads: { type: "string", default: "40" } },
});
const uploads = Number(options.uploads);
const WARM_UP = 4;
const ALONE = 3;

/** Far longer than any upload takes, on a machine that has other things to do too. */
const OUTCOME_TIMEOUT_MS = 600_000;
const PHOTOS = ["web-3mp.jpg", "camera-24mp.jpg"] as const satisfies readonly PhotoName[];

const originals = await Promise.all(PHOTOS.map(async (name) => readFileSync(await photoFile(name))));
const pipeline = await startPipeline({
  logFile: join(CACHE, "batch-emulator.log"),
  onProgress: (step) => console.log(`${step} ...`),
});

/** @returns milliseconds from the upload's end to its record */
const uploaded = async (bytes: Uint8Array, key: string): Promise<number> => {
  const upload = await pipeline.upload(bytes, key);
  const begin = performance.now();
  const { State, Reason } = await pipeline.waitForRecord(upload, OUTCOME_TIMEOUT_MS);
  if (State !== "PROCESSED") throw new Error(`${key} became ${State}: ${Reason}`);
  return performance.now() - begin;
};

const batchOf = async (photo: PhotoName, bytes: Uint8Array) => {
  const many = (count: number, folder: string) =>
    Promise.all(Array.from({ length: count }, (_, index) => uploaded(bytes, `${folder}/${index}-${photo}`)));
  await many(WARM_UP, "warm");
  const alone = [];
  for (let index = 0; index < ALONE; index += 1) alone.push(await uploaded(bytes, `alone/${index}-${photo}`));
  const begin = performance.now();
  const latencies = await many(uploads, "batch");
  const seconds = (performance.now() - begin) / 1000;
  return {
    photo,
    uploads,
    aloneMs: quantile(alone, 0.5),
    imagesPerSecond: uploads / seconds,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
  };
};

try {
  const batches = [];
  for (const [index, photo] of PHOTOS.entries()) {
    const bytes = originals[index];
    if (bytes !== undefined) batches.push(await batchOf(photo, bytes));
  }
  console.log(
    terminalTable(
      ["", "alone ms", "uploads at once", "images/s", "p50 ms", "p95 ms"],
      batches.map(({ photo, aloneMs, imagesPerSecond, p50Ms, p95Ms }) => [
        photo,
        aloneMs.toFixed(0),
        String(uploads),
        imagesPerSecond.toFixed(2),
        p50Ms.toFixed(0),
        p95Ms.toFixed(0),
      ]),
    ),
  );
  saveResult("batch", { batches }, thisMachine());
} finally {
  await pipeline.close();
}
