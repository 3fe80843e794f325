/** Writes docs/benchmarks.md from what the other benchmarks measured last. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { costPerMillion, durationMs, WAITING_MS } from "./support/cost.ts";
import { type Machine, readResult } from "./support/results.ts";
import { markdownTable, mebibytes } from "./support/table.ts";

const contender = z.object({
  name: z.string(),
  about: z.string(),
  wallMs: z.number(),
  quartilesMs: z.tuple([z.number(), z.number()]),
  fastestMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  outBytes: z.number(),
  ssimulacra2: z.record(z.string(), z.number()),
});

const transform = readResult("transform", {
  rounds: z.number(),
  threads: z.number(),
  photos: z.array(
    z.object({ photo: z.string(), about: z.string(), bytes: z.number(), contenders: z.array(contender) }),
  ),
});
const memory = readResult("memory", {
  results: z.array(
    z.object({
      kind: z.string(),
      pixels: z.number(),
      bytes: z.number(),
      before: z.number(),
      peak: z.number(),
      peakOfTwoThreads: z.number(),
    }),
  ),
});
const coldStart = readResult("cold-start", {
  photo: z.string(),
  runs: z.number(),
  rows: z.array(z.object({ what: z.string(), medianMs: z.number(), p95Ms: z.number() })),
  zipBytes: z.number(),
  unzippedBytes: z.number(),
  peakBytes: z.number(),
});
const batch = readResult("batch", {
  batches: z.array(
    z.object({
      photo: z.string(),
      uploads: z.number(),
      aloneMs: z.number(),
      imagesPerSecond: z.number(),
      p50Ms: z.number(),
      p95Ms: z.number(),
    }),
  ),
});

const load = readResult("load", {
  uploads: z.number(),
  mostAhead: z.number(),
  mix: z.array(z.object({ share: z.number(), about: z.string(), bytes: z.number() })),
  imagesPerSecond: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  attempts: z.number(),
  memory: z
    .object({
      processes: z.number(),
      firstThirdBytes: z.number(),
      lastThirdBytes: z.number(),
      mostBytes: z.number(),
      bytesPerThousand: z.number(),
    })
    .optional(),
});

const machineText = ({ at, cpu, cores, memoryGib, system, versions }: Machine): string =>
  `Measured on ${at}: ${cpu}, ${cores} cores, ${memoryGib} GiB, ${system}; ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

type Photo = (typeof transform.photos)[number];

const comparison = ({ photo, about, contenders }: Photo): string => {
  const [ours] = contenders;
  if (ours === undefined) return "";
  const rows = contenders.map((each) => [
    each.about,
    each.wallMs.toFixed(0),
    `${each.quartilesMs.map((ms) => ms.toFixed(0)).join(" to ")}`,
    (each.wallMs / ours.wallMs).toFixed(2),
    each.cpuMs.toFixed(0),
    (each.cpuMs / ours.cpuMs).toFixed(2),
    (1000 / each.wallMs).toFixed(1),
    mebibytes(each.peakBytes),
    (each.outBytes / ours.outBytes).toFixed(2),
    mean(Object.values(each.ssimulacra2)).toFixed(1),
  ]);
  const headings = [
    "",
    "ms",
    "middle half",
    "to ours",
    "CPU ms",
    "to ours",
    "images/s",
    "peak MiB",
    "bytes out",
    "SSIMULACRA2",
  ];
  return `### ${photo}\n\n${about[0]?.toUpperCase()}${about.slice(1)}.\n\n${markdownTable(headings, rows)}`;
};

const qualityTable = ({ contenders }: Photo): string => {
  const files = Object.keys(contenders[0]?.ssimulacra2 ?? {});
  return markdownTable(
    ["", ...files],
    contenders.map(({ about, ssimulacra2 }) => [
      about,
      ...files.map((file) => ssimulacra2[file]?.toFixed(1) ?? "-"),
    ]),
  );
};

const mixText = load.mix.map(({ share, about }) => `${Math.round(share * 100)} % ${about}`).join("; ");

const memoryText = (): string => {
  const { memory } = load;
  if (memory === undefined) return "";
  const { processes, firstThirdBytes, lastThirdBytes, mostBytes, bytesPerThousand } = memory;
  const perThousand = (bytesPerThousand / 2 ** 20).toFixed(1);
  return `

The function's ${processes} processes held ${mebibytes(firstThirdBytes)} MiB together in the first third of the time, ${mebibytes(lastThirdBytes)} MiB in the
last, ${mebibytes(mostBytes)} MiB at most (medians of a sample a second, the first two fifths, in which the processes warm up, left out): ${perThousand} MiB more a thousand
uploads by the straight line through all of them. \`npm run bench -- load\` ends with 1 when the last third holds a tenth more
than the first.`;
};

const MEMORIES = [512, 1024, 1769, 3538] as const;

const [main] = transform.photos;
const ours = main?.contenders.find(({ name }) => name === "pipeline");
const warmCpu = coldStart.rows.find(({ what }) => what === "a later photo, CPU");
if (main === undefined || ours === undefined || warmCpu === undefined) {
  throw new Error(
    "The results lack what the report begins with: run npm run bench -- transform and cold-start again.",
  );
}
const duration = { cpuMs: warmCpu.medianMs, partOnTwo: ours.wallMs / ours.cpuMs };

const text = `# Benchmarks

\`npm run bench -- report\` writes this page from what \`npm run bench -- transform\`, \`memory\`, \`cold-start\`,
\`batch\` and \`load\` measured last. ${machineText(transform.machine)}

## Transform

From a JPEG in memory to the six default renditions (200 x 200 cut, within 800 and 1600 pixels; WebP and progressive JPEG,
quality 80): the pipeline with its inspection, budget, plan, dominant colour and placeholder, beside what people would use
instead. The pipeline decodes in a process apart, whose memory is counted too. Every contender makes the same files, in a process of its own that is warm, with ${transform.threads} threads; the
rounds take turns, so that what else the machine does falls on all alike: ${transform.rounds} rounds, of which the median and
the middle half are shown. vipsthumbnail and ImageMagick, being commands, also start, read the photo and write their files.
CPU time is steadier than wall time where the machine has other things to do.

${transform.photos.map(comparison).join("\n\n")}

Quality is SSIMULACRA2 against every pixel decoded, converted to sRGB and scaled with lanczos3: above 70 is high, above 90
nobody sees a difference. It is sensitive to less than a pixel's shift, so a point or two more or less tells who rounds
sizes in which way, and the encoders' quality of 80 the rest; ImageMagick knows no profile unless it is given one. Of
${main.photo}, by file:

${qualityTable(main)}

What bounds it: two things that no second core helps with, one after the other. libjpeg decodes a photo on one core, and goes
through every bit of it, though shrink-on-load spares most of the arithmetic; then libwebp encodes the largest rendition on
one core. All else happens meanwhile on the other core. Decoding in a process apart, which a hostile
file cannot harm more than itself, adds the way of the files to and from it. WebP is encoded with effort 2 by all but the second
row: libwebp's default of 4 saves 5 % of a WebP's bytes at equal SSIMULACRA2, for pictures that are encoded once and served
very often.

## Memory

Peak of a process that reads one file and makes its default renditions, with one thread and with two; in the function a
second process of some 100 MiB holds the AWS SDK and the file once more. ${machineText(memory.machine)}

${markdownTable(
  ["original", "megapixels", "file MiB", "peak MiB", "with 2 threads", "bytes a pixel"],
  memory.results.map(({ kind, pixels, bytes, before, peak, peakOfTwoThreads }) => [
    kind,
    (pixels / 1e6).toFixed(0),
    mebibytes(bytes),
    mebibytes(peak),
    mebibytes(peakOfTwoThreads),
    ((peak - before) / pixels).toFixed(1),
  ]),
)}

Bytes a pixel count what comes above Node.js, sharp and the file. Formats that libvips reads row by row take next to nothing
a pixel, and what the renditions take is the same for any original; a progressive JPEG keeps its coefficients, an interlaced
PNG and a lossless WebP their pixels, an AVIF its planes and its pixels. \`handler/core/plan/memory-budget.ts\` judges each
original by its header with such figures, rounded up, and refuses what does not fit the function's memory with
\`TOO_MUCH_MEMORY\`, and what has more pixels than \`maxImagePixels\` with \`TOO_MANY_PIXELS\`.

## Cold start

The function's own zip (${mebibytes(coldStart.zipBytes)} MiB, unpacked ${mebibytes(coldStart.unzippedBytes)} MiB) in ${coldStart.runs} fresh processes, with one
thread as for 1,769 MiB, its two processes together, processing ${coldStart.photo} against a stand-in of AWS that answers at once; its peak of memory was
${mebibytes(coldStart.peakBytes)} MiB. ${machineText(coldStart.machine)}

${markdownTable(
  ["", "median ms", "p95 ms"],
  coldStart.rows.map(({ what, medianMs, p95Ms }) => [what, medianMs.toFixed(0), p95Ms.toFixed(0)]),
)}

## Batch

The whole program on the emulator: from the end of an upload until its record says PROCESSED, one upload at a time, then
many at once. The emulator, its function's processes and this measurement share the machine, so AWS itself is
faster. ${machineText(batch.machine)}

${markdownTable(
  ["", "alone ms", "uploads at once", "images/s", "p50 ms", "p95 ms"],
  batch.batches.map(({ photo, uploads, aloneMs, imagesPerSecond, p50Ms, p95Ms }) => [
    photo,
    aloneMs.toFixed(0),
    String(uploads),
    imagesPerSecond.toFixed(2),
    p50Ms.toFixed(0),
    p95Ms.toFixed(0),
  ]),
)}

## Load

${load.uploads.toLocaleString("en")} uploads through the whole program on the emulator, at most ${load.mostAhead} of them waiting or in work at once:
${mixText}. Latency is from the end of an upload to its record, the wait in the queue included.
${load.attempts === load.uploads ? "Each was processed at its first try." : `They took ${load.attempts.toLocaleString("en")} tries.`} ${machineText(load.machine)}

${markdownTable(
  ["uploads", "images/s", "p50 ms", "p95 ms", "p99 ms"],
  [
    [
      load.uploads.toLocaleString("en"),
      load.imagesPerSecond.toFixed(2),
      load.p50Ms.toFixed(0),
      load.p95Ms.toFixed(0),
      load.p99Ms.toFixed(0),
    ],
  ],
)}${memoryText()}

## Cost

Lambda for a million photos such as ${coldStart.photo}, us-east-1 list prices: the CPU time of a warm invocation above, at the
share of a vCPU that comes with the memory (at 3,538 MiB, two vCPUs, by the transform's wall time over its CPU time), and
${WAITING_MS} ms of waiting for S3, DynamoDB and SNS, which is assumed. It takes Lambda's vCPU to be as fast as a core of this machine.

${markdownTable(
  ["memory MiB", "ms a photo", "US$ on arm64", "US$ on x86_64"],
  MEMORIES.map((memoryMib) => [
    memoryMib.toLocaleString("en"),
    durationMs(memoryMib, duration).toFixed(0),
    costPerMillion(memoryMib, "arm64", duration).toFixed(2),
    costPerMillion(memoryMib, "x86_64", duration).toFixed(2),
  ]),
)}
`;

writeFileSync(join(import.meta.dirname, "..", "..", "docs", "benchmarks.md"), text);
console.log("docs/benchmarks.md is written.");
