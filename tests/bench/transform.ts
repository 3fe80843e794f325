/**
 * How fast the default renditions of a photo are made, beside what people would use instead: the same photos, boxes,
 * formats and qualities, in rounds that take turns, each contender in a process of its own that is warm.
 * Options: `--photos camera-24mp.jpg,web-3mp.jpg`, `--rounds 15`, `--threads 2` (vCPUs of the function).
 */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ContenderProcess, type Measured, startContenders } from "./support/contenders.ts";
import { aboutPhoto, PHOTO_NAMES, type PhotoName, photoFile } from "./support/photos.ts";
import { references, similarity } from "./support/quality.ts";
import { CACHE, saveResult, thisMachine } from "./support/results.ts";
import { median, quartiles } from "./support/statistics.ts";
import { mebibytes, terminalTable } from "./support/table.ts";
import { ssimulacra2, type Tool } from "./support/tools.ts";

const WARM_UP = 2;

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    photos: { type: "string", default: PHOTO_NAMES.join() },
    rounds: { type: "string", default: "15" },
    threads: { type: "string", default: String(Math.min(2, availableParallelism())) },
  },
});
const rounds = Number(options.rounds);
const threads = Number(options.threads);

const outOf = ({ name }: ContenderProcess): string => join(CACHE, "out", name);

/** SSIMULACRA2 of each rendition, by its file's name. */
const qualities = async (
  contender: ContenderProcess,
  tool: Tool | undefined,
  expected: ReadonlyMap<string, string>,
): Promise<Readonly<Record<string, number>>> => {
  if (tool === undefined) return {};
  const scores: Record<string, number> = {};
  for (const file of readdirSync(outOf(contender)).toSorted()) {
    const reference = expected.get(file.slice(0, file.lastIndexOf(".")));
    if (reference === undefined) continue;
    scores[file] = await similarity(tool, reference, join(outOf(contender), file));
  }
  return scores;
};

const compare = async (photo: PhotoName, contenders: readonly ContenderProcess[], tool: Tool | undefined) => {
  const file = await photoFile(photo);
  const { about, hasProfile } = aboutPhoto(photo);
  const runs = new Map<ContenderProcess, Measured[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) {
    rmSync(outOf(contender), { recursive: true, force: true });
    mkdirSync(outOf(contender), { recursive: true });
  }
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const [contender, measured] of runs) {
      const result = await contender.run({ file, out: outOf(contender), hasProfile }, round === -WARM_UP);
      if (round >= 0) measured.push(result);
    }
  }
  const expected = tool === undefined ? new Map<string, string>() : await references(file);
  const results = [];
  for (const [contender, measured] of runs) {
    const wall = measured.map(({ wallMs }) => wallMs);
    const sizes = readdirSync(outOf(contender)).map((name) => statSync(join(outOf(contender), name)).size);
    results.push({
      name: contender.name,
      about: contender.about,
      wallMs: median(wall),
      quartilesMs: quartiles(wall),
      fastestMs: Math.min(...wall),
      cpuMs: median(measured.map(({ cpuMs }) => cpuMs)),
      peakBytes: Math.max(...measured.map(({ peakBytes }) => peakBytes)),
      outBytes: sizes.reduce((sum, size) => sum + size, 0),
      ssimulacra2: await qualities(contender, tool, expected),
    });
  }
  return { photo, about, bytes: statSync(file).size, contenders: results };
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const print = ({ photo, about, contenders }: Awaited<ReturnType<typeof compare>>): void => {
  const [ours] = contenders;
  if (ours === undefined) return;
  console.log(`\n${photo}: ${about}`);
  console.log(
    terminalTable(
      [
        "",
        "ms",
        "middle half",
        "x ours",
        "CPU ms",
        "x ours",
        "images/s",
        "peak MiB",
        "KB out",
        "SSIMULACRA2",
      ],
      contenders.map((each) => [
        each.about,
        each.wallMs.toFixed(0),
        each.quartilesMs.map((ms) => ms.toFixed(0)).join("-"),
        (each.wallMs / ours.wallMs).toFixed(2),
        each.cpuMs.toFixed(0),
        (each.cpuMs / ours.cpuMs).toFixed(2),
        (1000 / each.wallMs).toFixed(2),
        mebibytes(each.peakBytes),
        (each.outBytes / 1000).toFixed(0),
        mean(Object.values(each.ssimulacra2)).toFixed(1),
      ]),
    ),
  );
};

const tool = ssimulacra2();
const { contenders, versions } = startContenders(threads);
try {
  const photos = [];
  for (const photo of PHOTO_NAMES.filter((name) => options.photos.split(",").includes(name))) {
    const result = await compare(photo, contenders, tool);
    print(result);
    photos.push(result);
  }
  const all = { ...versions, ...(tool && { ssimulacra2_rs: tool.version }) };
  saveResult("transform", { rounds, threads, photos }, thisMachine(all));
} finally {
  for (const contender of contenders) contender.stop();
}
