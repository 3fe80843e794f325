/** One contender in a process of its own. Name and threads come as arguments, a line of JSON with each round's files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { cpuTime, peakMemory } from "./peak-memory.ts";
import { SHARP_CONTENDERS } from "./sharp-contenders.ts";

const [, , given, threads] = process.argv;
const name = z.enum(["pipeline", "pipeline-effort-4", "sharp", "sharp-shared"]).parse(given);
const contender = SHARP_CONTENDERS[name].prepare(Number(threads));
const round = z.object({ file: z.string(), out: z.string().optional() });

for await (const line of createInterface(process.stdin)) {
  const { file, out } = round.parse(JSON.parse(line));
  const bytes = readFileSync(file);
  const cpu = cpuTime();
  const begin = performance.now();
  const made = await contender(bytes);
  const wallMs = performance.now() - begin;
  const cpuMs = cpuTime() - cpu;
  if (out !== undefined) for (const [path, content] of made) writeFileSync(join(out, path), content);
  console.log(JSON.stringify({ wallMs, cpuMs, peakBytes: peakMemory() }));
}
