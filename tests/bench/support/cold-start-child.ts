/** The function, from its zip, in a process of its own: entry and event as files come as arguments. */
import { readFileSync } from "node:fs";
import { cpuTime, peakMemory } from "./peak-memory.ts";

const [, , entry = "", event = ""] = process.argv;

/** What the function looks at of Lambda's context. */
const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => 60_000 };

const begin = performance.now();
const { handler } = await import(entry);
const loadMs = performance.now() - begin;

const invoked = async () => {
  const cpu = cpuTime();
  const start = performance.now();
  const { batchItemFailures } = await handler(JSON.parse(readFileSync(event, "utf8")), context);
  const wallMs = performance.now() - start;
  const cpuMs = cpuTime() - cpu;
  if (batchItemFailures.length > 0) throw new Error("The function handed its message back.");
  return { wallMs, cpuMs };
};

const first = await invoked();
const warm = [await invoked(), await invoked(), await invoked()];
process.stderr.write(`${JSON.stringify({ startMs: begin, loadMs, first, warm, peakBytes: peakMemory() })}\n`);
