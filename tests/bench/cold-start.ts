/**
 * How long the function takes to start and to process its first photo: its own zip, unpacked, in fresh processes, with
 * the default renditions and settings of 1,769 MiB, against a stand-in of AWS that answers at once.
 * Options: `--runs 10`.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { unzipSync } from "fflate";
import * as z from "zod";
import { LOADING_ENVIRONMENT } from "../../handler/bundle/loading.ts";
import { bundleHandler } from "../../handler/bundle.ts";
import { receivedAttributes } from "../../handler/core/record/asset.ts";
import { DEFAULT_RENDITIONS } from "../../handler/core/spec/rendition-spec.ts";
import { anUpload, notificationBody, s3RecordOf, sqsEvent } from "../support/upload-events.ts";
import { startAwsStandIn } from "./support/aws-stand-in.ts";
import { type PhotoName, photoFile } from "./support/photos.ts";
import { CACHE, saveResult, thisMachine } from "./support/results.ts";
import { runChild } from "./support/run-child.ts";
import { median, quantile } from "./support/statistics.ts";
import { mebibytes, terminalTable } from "./support/table.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { runs: { type: "string", default: "10" } },
});

const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
const PHOTO: PhotoName = "camera-24mp.jpg";

const invocation = z.object({ wallMs: z.number(), cpuMs: z.number() });
const told = z.object({
  startMs: z.number(),
  loadMs: z.number(),
  first: invocation,
  warm: z.array(invocation),
  peakBytes: z.number(),
});

const bundle = await bundleHandler({ architecture });
const folder = join(CACHE, "zip");
rmSync(folder, { recursive: true, force: true });
for (const [path, content] of Object.entries(unzipSync(readFileSync(bundle.path)))) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
const photo = await photoFile(PHOTO);
const event = join(CACHE, "event.json");
const upload = anUpload({ key: "photo.jpg", sizeBytes: statSync(photo).size });
const body = notificationBody(s3RecordOf(upload));
writeFileSync(event, JSON.stringify(sqsEvent([body])));
const aws = await startAwsStandIn(readFileSync(photo), receivedAttributes(upload, "destination"));
const environment = {
  ...LOADING_ENVIRONMENT,
  ...aws.environment,
  SOURCE_BUCKET: "source-bucket",
  RENDITIONS: JSON.stringify(DEFAULT_RENDITIONS),
  MAX_IMAGE_BYTES: "104857600",
  MAX_IMAGE_PIXELS: "50000000",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769",
  PATH: process.env["PATH"],
};
const child = join(import.meta.dirname, "support", "cold-start-child.ts");
const runs = [];
try {
  for (let run = 0; run < Number(options.runs); run += 1) {
    const { stderr } = await runChild([child, join(folder, "index.mjs"), event], environment);
    runs.push(told.parse(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")));
  }
} finally {
  aws.stop();
}

const rows = (
  [
    ["Node starts", runs.map(({ startMs }) => startMs)],
    ["the entry loads", runs.map(({ loadMs }) => loadMs)],
    ["the first photo, wall", runs.map(({ first }) => first.wallMs)],
    ["a later photo, wall", runs.flatMap(({ warm }) => warm.map(({ wallMs }) => wallMs))],
    ["a later photo, CPU", runs.flatMap(({ warm }) => warm.map(({ cpuMs }) => cpuMs))],
  ] as const
).map(([what, ms]) => ({ what, medianMs: median(ms), p95Ms: quantile(ms, 0.95) }));
const unzippedBytes = bundle.entries.reduce((sum, { size }) => sum + size, 0);
const peakBytes = Math.max(...runs.map((run) => run.peakBytes));
console.log(
  terminalTable(
    ["", "median ms", "p95 ms"],
    rows.map(({ what, medianMs, p95Ms }) => [what, medianMs.toFixed(0), p95Ms.toFixed(0)]),
  ),
);
console.log(
  `zip ${mebibytes(bundle.bytes)} MiB, unpacked ${mebibytes(unzippedBytes)} MiB, peak ${mebibytes(peakBytes)} MiB`,
);
saveResult(
  "cold-start",
  { photo: PHOTO, runs: runs.length, rows, zipBytes: bundle.bytes, unzippedBytes, peakBytes },
  thisMachine(),
);
