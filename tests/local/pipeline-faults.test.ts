import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Pipeline, startPipeline } from "../../local/start/pipeline.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { Endings, TWO_RENDITIONS } from "./support/faults/endings.ts";
import { type Call, FAULTS, type Fault } from "./support/faults/fault-proxy.ts";
import { FaultyPipeline } from "./support/faults/faulty-pipeline.ts";
import { gradient } from "./support/test-images.ts";

/** What the SDK itself tries; with as many faults the message goes back to the queue. */
const TRIES = 3;

/** Configurations, the calls that an upload makes by them, and those that a deletion makes. */
const CASES = [
  {
    of: "with notices",
    settings: { onDelete: "remove" },
    uploading: [
      "UpdateItem (received)",
      "GetObject",
      "PutObject",
      "UpdateItem (outcome)",
      "Publish",
      "UpdateItem (notified)",
    ],
    removing: [
      "HeadObject (original)",
      "UpdateItem (deleted)",
      "ListObjectsV2",
      "HeadObject",
      "DeleteObject",
    ],
  },
  {
    of: "with digests and recorded tags",
    settings: { onDelete: "remove", notices: "digest", recordTags: '["album"]' },
    uploading: ["GetObjectTagging", "PutItem"],
    removing: ["PutItem"],
  },
] as const;

vi.setConfig({ testTimeout: 5 * OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });

/** Does one fault to one call about each key, as often as the SDK tries, or once where the process ends. */
const cellHarm = (cells: ReadonlyMap<string, { readonly operation: string; readonly fault: Fault }>) => {
  const left = new Map([...cells].map(([key, { fault }]) => [key, fault.startsWith("kill") ? 1 : TRIES]));
  return ({ operation, key }: Call): Fault | undefined => {
    const cell = cells.get(key);
    const times = left.get(key) ?? 0;
    if (cell === undefined || cell.operation !== operation || times === 0) return undefined;
    left.set(key, times - 1);
    return cell.fault;
  };
};

const cellsOf = (folder: string, operations: readonly string[]) =>
  new Map(
    operations.flatMap((operation, row) =>
      FAULTS.map((fault, column) => [`${folder}/${row}-${column}.png`, { operation, fault }] as const),
    ),
  );

describe.each(CASES)("$of", ({ settings, uploading, removing }) => {
  let pipeline: Pipeline;
  let faulty: FaultyPipeline;
  let endings: Endings;
  let picture: Buffer;

  beforeAll(async () => {
    pipeline = await startPipeline({
      logFile: logFileFor("pipeline-faults.test.ts"),
      settings: { maxReceiveCount: "5", renditions: TWO_RENDITIONS, ...settings },
    });
    faulty = await FaultyPipeline.start(pipeline);
    endings = new Endings(pipeline, faulty);
    picture = await gradient(20, 20).png().toBuffer();
  });
  afterAll(async () => {
    await faulty?.stop();
    await pipeline?.close();
  });

  const upload = async (keys: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> => {
    const versions = new Map<string, string | undefined>();
    for (const key of keys) versions.set(key, (await pipeline.upload(picture, key)).versionId);
    return versions;
  };

  test("whatever goes wrong with whichever call, every upload is processed and every deletion is followed", async () => {
    const uploadCells = cellsOf("uploads", uploading);
    const removalCells = cellsOf("removals", removing);
    faulty.proxy.harm = cellHarm(uploadCells);
    const versions = await upload([...uploadCells.keys(), ...removalCells.keys()]);
    await faulty.drain();
    const wrong = new Map<string, readonly string[]>();
    for (const [key, versionId] of versions) wrong.set(key, await endings.wrongWith(key, versionId));

    faulty.proxy.harm = cellHarm(removalCells);
    for (const Key of removalCells.keys()) {
      await pipeline.aws.s3.send(new DeleteObjectCommand({ Bucket: pipeline.outputs.sourceBucket, Key }));
    }
    await faulty.drain();
    for (const key of removalCells.keys()) {
      const state = (await pipeline.record(key))?.State;
      const files = await pipeline.renditions(key);
      wrong.set(key, [
        ...(wrong.get(key) ?? []),
        ...(state === "DELETED" ? [] : [`${key} is ${state}`]),
        ...(files.length === 0 ? [] : [`${key} has ${files.length} files`]),
      ]);
    }

    const matrix: Record<string, Record<string, string>> = {};
    for (const [key, { operation, fault }] of [...uploadCells, ...removalCells]) {
      const times = faulty.proxy.done.filter((done) => done.key === key).length;
      const isRight = wrong.get(key)?.length === 0 && times > 0;
      matrix[operation] = { ...matrix[operation], [fault]: isRight ? `ok after ${times}` : "WRONG" };
    }
    console.table(matrix);
    expect([...wrong.values()].flat()).toEqual([]);
    expect(Object.values(matrix).flatMap((row) => Object.values(row))).not.toContain("WRONG");
    expect(await endings.deadLetters()).toBe(0);
  });

  test("whatever goes wrong with the account of a failed try, the next one goes on", async () => {
    const cells = cellsOf("accounts", ["UpdateItem (failed try)"]);
    const harm = cellHarm(cells);
    const accounts: readonly string[] = [...cells.keys()];
    // Nothing is read before the account of a failed try has had its fault: a neighbour's crash may cut a try short.
    const harmed = new Set<string>();
    faulty.proxy.harm = (call) => {
      const fault = harm(call);
      if (fault !== undefined) harmed.add(call.key);
      const mustFail = accounts.includes(call.key) && !harmed.has(call.key);
      return fault ?? (mustFail && call.operation === "GetObject" ? "error" : undefined);
    };
    const versions = await upload([...cells.keys()]);
    await faulty.drain();
    const wrong: string[] = [];
    for (const [key, versionId] of versions) {
      wrong.push(...(await endings.wrongWith(key, versionId)));
      const record = await pipeline.record(key);
      if (record?.LastErrorCode !== undefined) wrong.push(`${key} says ${record.LastErrorCode}`);
      if (!harmed.has(key)) wrong.push(`${key} had no fault in its account`);
    }
    expect(wrong).toEqual([]);
  });
});
