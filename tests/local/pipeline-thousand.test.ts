import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Pipeline, startPipeline } from "../../local/start/pipeline.ts";
import { peekDeadLetters } from "../../operator/queue/dead-letters.ts";
import { redrive } from "../../operator/queue/redrive.ts";
import type { Target } from "../../operator/target.ts";
import type { Difference } from "../../operator/verify/differences.ts";
import { verify } from "../../operator/verify/verify.ts";
import { targetOf } from "../operator/support.ts";
import { randomFrom } from "../support/random.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { byChance } from "./support/faults/chance.ts";
import { Endings, TWO_RENDITIONS } from "./support/faults/endings.ts";
import type { Call, Fault } from "./support/faults/fault-proxy.ts";
import { FaultyPipeline } from "./support/faults/faulty-pipeline.ts";
import { gradient } from "./support/test-images.ts";

const UPLOADS = 1_000;
/** So many of them come under the key of an earlier one. */
const OVERWRITES = 50;
/** So many can't be read for as long as their faults last, at any try. */
const DOOMED = 5;
const FAULTY_PART = 0.05;
const SEED = 20_261_125;

/** Uploads sent at once. */
const LANES = 8;
/** Messages of a batch that one process works on at once: what a kill may interrupt. */
const MESSAGES_AT_ONCE = 2;

vi.setConfig({ testTimeout: 10 * OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });

/** What becomes of a file, whoever uploads it under whichever key: state, reason, and renditions by their content. */
type Outcome = {
  readonly state: string;
  readonly reasonCode: string | undefined;
  readonly renditions: readonly string[];
};

let pipeline: Pipeline;
let faulty: FaultyPipeline;
let endings: Endings;
let target: Target;

beforeAll(async () => {
  pipeline = await startPipeline({
    logFile: logFileFor("pipeline-thousand.test.ts"),
    settings: { onDelete: "remove", maxReceiveCount: "5", renditions: TWO_RENDITIONS },
  });
  faulty = await FaultyPipeline.start(pipeline, { clocksAheadMs: [0, 0, 0] });
  endings = new Endings(pipeline, faulty);
  target = targetOf(pipeline);
});
afterAll(async () => {
  target?.close();
  await faulty?.stop();
  await pipeline?.close();
});

const filesToUpload = async (): Promise<Readonly<Record<string, Uint8Array>>> => ({
  "wide.png": await gradient(30, 20).png().toBuffer(),
  "high.png": await gradient(20, 30).png().toBuffer(),
  "clear.png": await gradient(24, 24).ensureAlpha(0.5).png().toBuffer(),
  "photo.jpg": await gradient(64, 48).jpeg().toBuffer(),
  "grey.jpg": await gradient(40, 40).grayscale().jpeg().toBuffer(),
  "page.webp": await gradient(50, 20).webp().toBuffer(),
  "small.gif": await gradient(12, 12).gif().toBuffer(),
  "scan.tiff": await gradient(32, 32).tiff().toBuffer(),
  "cut.png": (await gradient(30, 20).png().toBuffer()).subarray(0, 60),
  "notes.txt": Buffer.from("no image"),
});

/** Does something to each of many, several at a time, and keeps their order. */
const eachOf = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += LANES) {
    results.push(...(await Promise.all(items.slice(from, from + LANES).map(work))));
  }
  return results;
};

const outcomeOf = async (key: string): Promise<Outcome> => {
  const record = await pipeline.record(key);
  return {
    state: record?.State ?? "none",
    reasonCode: record?.ReasonCode,
    renditions: (record?.Renditions ?? []).map(({ Key, Sha256 }) => `${Key.slice(key.length)} ${Sha256}`),
  };
};

const isKill = ({ fault }: { readonly fault: Fault }): boolean => fault.startsWith("kill");

test("of 1,000 uploads with faults in 5 % of the calls each ends as it should, none is lost and none is done twice", async () => {
  const files = await filesToUpload();
  const names = Object.keys(files);
  const put = (key: string, name: string) => pipeline.upload(files[name] ?? Buffer.alloc(0), key);
  // What each file becomes when nothing goes wrong.
  for (const name of names) await put(`right/${name}`, name);
  await faulty.drain();
  const right = new Map<string, Outcome>();
  for (const name of names) right.set(name, await outcomeOf(`right/${name}`));
  expect([...right].map(([name, { state, reasonCode }]) => [name, reasonCode ?? state])).toEqual([
    ["wide.png", "PROCESSED"],
    ["high.png", "PROCESSED"],
    ["clear.png", "PROCESSED"],
    ["photo.jpg", "PROCESSED"],
    ["grey.jpg", "PROCESSED"],
    ["page.webp", "PROCESSED"],
    ["small.gif", "PROCESSED"],
    ["scan.tiff", "PROCESSED"],
    ["cut.png", "CORRUPT_IMAGE"],
    ["notes.txt", "UNSUPPORTED_FORMAT"],
  ]);

  const next = randomFrom(SEED);
  const uploads = Array.from({ length: UPLOADS }, (_, index) => {
    const place = index < UPLOADS - OVERWRITES ? index : Math.floor(next() * (UPLOADS - OVERWRITES));
    return { key: `many/${place}`, name: names[Math.floor(next() * names.length)] ?? "" };
  });
  const newest = new Map(uploads.map(({ key, name }) => [key, name]));
  const uploadsOf = Map.groupBy(uploads, ({ key }) => key);
  const doomed = [...newest.keys()].filter((key) => uploadsOf.get(key)?.length === 1).slice(0, DOOMED);
  const chance = byChance(SEED, FAULTY_PART);
  faulty.proxy.harm = (call: Call) =>
    call.operation === "GetObject" && doomed.includes(call.key) ? "error" : chance(call);
  // Those of one key one after the other, or nobody could say which is the newest.
  await eachOf([...uploadsOf.values()], async (ofKey) => {
    for (const { key, name } of ofKey) await put(key, name);
  });
  await faulty.drain();

  const harmed = faulty.proxy.done.filter(({ key }) => !doomed.includes(key));
  const kills = harmed.filter(isKill).length;
  console.log(
    `${faulty.proxy.carriedOut.length} calls carried out, ${faulty.proxy.done.length} faults, of them ${kills} kills; ` +
      `${faulty.failedDeliveries} deliveries failed`,
  );
  expect(harmed.length).toBeGreaterThan(200);
  expect(kills).toBeGreaterThan(5);
  const letters = await peekDeadLetters(target, UPLOADS);
  expect(letters.flatMap(({ keys }) => keys).toSorted()).toEqual(doomed.toSorted());

  faulty.proxy.harm = () => undefined;
  expect(await redrive(target)).toMatchObject({ found: DOOMED, moved: DOOMED });
  await faulty.drain();
  expect(await endings.deadLetters()).toBe(0);

  const keys = [...newest.keys()];
  const outcomes = await eachOf(keys, outcomeOf);
  const wrong = keys.filter((key, index) => {
    const expected = right.get(newest.get(key) ?? "");
    return JSON.stringify(outcomes[index]) !== JSON.stringify(expected);
  });
  expect(wrong).toEqual([]);

  const found: Difference[] = [];
  const verified = await verify(target, (difference) => found.push(difference), {
    graceSeconds: 0,
    hash: true,
  });
  expect(found).toEqual([]);
  expect(verified).toMatchObject({
    originals: keys.length + names.length,
    records: keys.length + names.length,
    differences: 0,
  });

  // Nobody is left without a notice, and nobody gets one again but for a fault between it and its mark.
  const told = Map.groupBy(
    faulty.proxy.carriedOut.filter(({ operation }) => operation === "Publish"),
    ({ key }) => key,
  );
  expect(keys.filter((key) => !told.has(key))).toEqual([]);
  const repeats = keys.reduce(
    (sum, key) => sum + Math.max(0, (told.get(key)?.length ?? 0) - (uploadsOf.get(key)?.length ?? 0)),
    0,
  );
  const betweenNoticeAndMark = harmed.filter(({ operation }) =>
    ["Publish", "UpdateItem (notified)"].includes(operation),
  ).length;
  expect(repeats).toBeLessThanOrEqual(betweenNoticeAndMark + kills * MESSAGES_AT_ONCE);
});
