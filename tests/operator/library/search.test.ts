import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDBAssetLibrary } from "../../../handler/adapters/dynamodb.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { ASSET_INDEXES, ASSET_STATES, INDEXED_FORMATS } from "../../../handler/core/record/index.ts";
import { tagIndex } from "../../../handler/core/record/object-tags.ts";
import type { AssetRecord } from "../../../handler/core/record/record.ts";
import { type Criteria, matches } from "../../../handler/core/reprocess/selection.ts";
import { SOURCE_FORMATS } from "../../../handler/core/source/image-format.ts";
import { table } from "../../../local/provider/dynamodb.ts";
import { compareKeys, type Library, readRecords } from "../../../operator/library/library.ts";
import { indexQueryFor, search } from "../../../operator/library/search.ts";
import { emulatedAws, OUTCOME_TIMEOUT_MS } from "../../local/support/emulated-aws.ts";
import { anUpload } from "../../support/upload-events.ts";

const TABLE = "assets";
const DAYS = ["2026-11-20", "2026-11-21", "2026-11-22"] as const;
const PREFIXES = ["holiday/", "holiday/2026/", "products/", "日本/", "\u{1F3D6}/"] as const;

const RECORD_TAGS = ["album", "cost-center"];

const emulated = emulatedAws();
let library: Library;
let all: readonly AssetRecord[];
/** Names of the calls that the library's client made. */
const calls: string[] = [];

const createTable = async (): Promise<void> => {
  const indexes = [...Object.values(ASSET_INDEXES), ...RECORD_TAGS.map(tagIndex)];
  const attributes = new Map([
    ["ImageKey", "S"],
    ...indexes.flatMap(({ partition, sort, sortType }) => [
      [partition, "S"] as const,
      [sort, sortType] as const,
    ]),
  ]);
  await table.create(
    {
      name: TABLE,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "ImageKey",
      attributes: [...attributes].map(([name, type]) => ({ name, type })),
      globalSecondaryIndexes: indexes.map(({ name, partition, sort, also }) => ({
        name,
        keySchemas: [
          { attributeName: partition, keyType: "HASH" },
          { attributeName: sort, keyType: "RANGE" },
        ],
        ...(also.length === 0
          ? { projectionType: "KEYS_ONLY" }
          : { projectionType: "INCLUDE", nonKeyAttributes: [...also] }),
      })),
    },
    emulated.aws,
  );
};

/** Sixty records as the handler itself writes them, of every state, format, day and folder. */
const writeRecords = async (): Promise<readonly string[]> => {
  const assets = dynamoDBAssetLibrary(emulated.aws.dynamodb, {
    table: TABLE,
    destinationBucket: "renditions",
    onDelete: "keep",
    recordTags: RECORD_TAGS,
  });
  return Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const key = `${PREFIXES[index % PREFIXES.length]}${index}.jpg`;
      const upload = anUpload({
        key,
        sizeBytes: 1000 * (index % 20),
        uploadTime: `${DAYS[index % DAYS.length]}T10:00:${String(index).padStart(2, "0")}.000Z`,
      });
      await assets.receive(upload, false);
      const outcome = {
        upload,
        processedAt: new Date("2026-11-23T10:00:06.000Z"),
        durationMs: 900,
        specsFingerprint: "0123456789abcdef",
        tags: {
          album: ["holiday", "a=b", undefined, undefined][index % 4],
          "cost-center": index % 3 === 0 ? "7" : undefined,
        },
        madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
      };
      const format = SOURCE_FORMATS[index % SOURCE_FORMATS.length] ?? "jpeg";
      const image = { format, width: 40, height: 30, pages: 1, hasAlpha: false };
      if (index % 7 === 0) {
        const reason = new PipelineError("CORRUPT_IMAGE", "A sentence.");
        await assets.record({
          ...outcome,
          state: "FAILED",
          reason,
          image: index % 2 === 0 ? undefined : image,
        });
      } else if (index % 5 !== 0) {
        const appearance = {
          dominantColour: "#336699",
          placeholder: "data:image/webp;base64,AAAA",
          thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
        };
        await assets.record({
          ...outcome,
          state: "PROCESSED",
          image,
          appearance,
          renditions: [],
          transformMs: 1,
          sha256: "o1",
        });
      }
      return key;
    }),
  );
};

beforeAll(async () => {
  await createTable();
  const outputs = {
    sourceBucket: "source",
    destinationBucket: "renditions",
    onDelete: "keep",
    topicArn: "",
    queueUrl: "",
    deadLetterQueueUrl: "",
    tableName: TABLE,
    functionName: "",
    logGroupName: "",
    recordTags: RECORD_TAGS,
  };
  library = { dynamodb: emulated.aws.dynamodb, outputs };
  all = await readRecords(library, await writeRecords());
  emulated.aws.dynamodb.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: "initialize" },
  );
}, OUTCOME_TIMEOUT_MS);
afterAll(() => {
  calls.length = 0;
});

const anyCriteria: fc.Arbitrary<Criteria> = fc
  .record(
    {
      prefix: fc.constantFrom(...PREFIXES, "holiday/2026/1", "nothing/"),
      state: fc.constantFrom(...ASSET_STATES),
      from: fc.constantFrom("2026-11-21T00:00:00.000Z", "2026-11-22T10:00:30.000Z"),
      to: fc.constantFrom("2026-11-21T23:59:59.999Z", "2026-11-20T10:00:30.000Z"),
      format: fc.constantFrom(...INDEXED_FORMATS),
      tag: fc.constantFrom("album=holiday", "album=a=b", "cost-center=7", "album=none"),
      minBytes: fc.integer({ min: 0, max: 20_000 }),
      maxBytes: fc.integer({ min: 0, max: 20_000 }),
    },
    { requiredKeys: [] },
  )
  .filter(({ from = "", to = "z", minBytes = 0, maxBytes = 1e9 }) => from <= to && minBytes <= maxBytes);

const everyPage = async (criteria: Criteria, limit: number): Promise<readonly AssetRecord[]> => {
  const found: AssetRecord[] = [];
  let after: string | undefined;
  do {
    const page = await search(library, criteria, { limit, after });
    expect(page.records.length).toBeLessThanOrEqual(limit);
    found.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  return found;
};

const keysOf = (records: readonly AssetRecord[]): readonly string[] =>
  records.map(({ ImageKey }) => ImageKey);

describe("search", () => {
  test("finds exactly the records that match, once, in the order of its index, whatever the pages", async () => {
    expect(all).toHaveLength(60);
    await fc.assert(
      fc.asyncProperty(anyCriteria, fc.constantFrom(1, 7, 100), async (criteria, limit) => {
        const found = await everyPage(criteria, limit);
        const wanted = all.filter((record) => matches(criteria, record));
        expect(keysOf(found).toSorted()).toEqual(keysOf(wanted).toSorted());
        const { index, descending = false } = indexQueryFor(criteria);
        const sorted = found.map((record) => record[index.sort]);
        expect(sorted).toEqual(sorted.toSorted((a, b) => (descending ? -1 : 1) * compareKeys(a, b)));
      }),
      { numRuns: 60 },
    );
  });

  test("asks by Query and reads by key, and never scans", () => {
    expect(new Set(calls)).toEqual(new Set(["QueryCommand", "BatchGetItemCommand"]));
  });

  test("finds records by an object tag, the newest first", async () => {
    const { records } = await search(library, { tag: "album=a=b", from: "2026-11-22T00:00:00.000Z" });
    expect(records.length).toBeGreaterThan(3);
    for (const { Tags, UploadTime } of records) {
      expect([Tags?.["album"], UploadTime.slice(0, 10)]).toEqual(["a=b", "2026-11-22"]);
    }
    const times = records.map(({ UploadTime }) => UploadTime);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  test("refuses a tag that is not recorded, and says which are", async () => {
    await expect(search(library, { tag: "owner=me" })).rejects.toThrow(
      "--tag owner=me: expected NAME=VALUE with a name that is recorded: album, cost-center.",
    );
    const { recordTags, ...outputs } = library.outputs;
    expect(recordTags).toEqual(RECORD_TAGS);
    await expect(search({ ...library, outputs }, { tag: "album=a" })).rejects.toThrow(
      /^This stack records no object tags: `pulumi config set --path 'recordTags\[0\]' NAME`/,
    );
  });

  test("refuses a range that ends before it begins", async () => {
    await expect(search(library, { minBytes: 2, maxBytes: 1 })).rejects.toThrow(
      "Expected a range that begins before it ends, got 2 to 1.",
    );
  });

  test("refuses a position of another search, and what is none", async () => {
    const { next } = await search(library, { state: "PROCESSED" }, { limit: 1 });
    expect(next).toBeDefined();
    const message =
      "Expected --after to be what the same search printed before: search from the start again.";
    await expect(search(library, { state: "FAILED" }, { after: next })).rejects.toThrow(message);
    await expect(search(library, {}, { after: "nonsense" })).rejects.toThrow(message);
  });
});
