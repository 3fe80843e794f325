import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { z } from "zod";
import type { AssetIndex } from "../../handler/core/record/index.ts";
import { type AssetRecord, assetRecord } from "../../handler/core/record/record.ts";
import type { Target } from "../target.ts";

/** What of a target the asset library needs. */
export type Library = Pick<Target, "dynamodb" | "outputs">;

const indexEntry = z.object({
  ImageKey: z.string(),
  UploadTime: z.string().optional(),
  SizeBytes: z.number().optional(),
  ReasonCode: z.string().optional(),
  SpecsFingerprint: z.string().optional(),
});

/** What an index holds of a record: its key, and what the index has besides. */
export type IndexEntry = z.output<typeof indexEntry>;

/** Values of an index's sort key, bounds included. */
export type SortRange = {
  readonly from?: string | number;
  readonly to?: string | number;
  /** Of an index that is sorted by key. */
  readonly prefix?: string;
};

export type IndexQuery = {
  readonly index: AssetIndex;
  /** Values of its partition key. */
  readonly parts: readonly string[];
  readonly range?: SortRange;
  /** The largest first. @default false */
  readonly descending?: boolean;
};

const condition = ({ from, to, prefix }: SortRange): string => {
  if (prefix !== undefined && prefix !== "") return " AND begins_with(#sort, :prefix)";
  if (from !== undefined && to !== undefined) return " AND #sort BETWEEN :from AND :to";
  if (from !== undefined) return " AND #sort >= :from";
  return to === undefined ? "" : " AND #sort <= :to";
};

const queryInput = (
  { outputs }: Library,
  { index, range = {}, descending = false }: IndexQuery,
  part: string,
): QueryCommandInput => {
  const sortCondition = condition(range);
  const values = Object.entries({ ":from": range.from, ":to": range.to, ":prefix": range.prefix }).filter(
    ([name]) => sortCondition.includes(name),
  );
  return {
    TableName: outputs.tableName,
    IndexName: index.name,
    KeyConditionExpression: `#part = :part${sortCondition}`,
    ExpressionAttributeNames: {
      "#part": index.partition,
      ...(sortCondition === "" ? {} : { "#sort": index.sort }),
    },
    ExpressionAttributeValues: marshall({ ":part": part, ...Object.fromEntries(values) }),
    ScanIndexForward: !descending,
  };
};

/** Where a walk through one part of an index goes on: the last entry that was taken from it. */
export type Position = { readonly ImageKey: string; readonly sort: string | number };

const positionOf = ({ sort }: AssetIndex, entry: IndexEntry): Position => ({
  ImageKey: entry.ImageKey,
  sort: entry[sort] ?? "",
});

const startKey = ({ sort, partition }: AssetIndex, part: string, position: Position) =>
  marshall({ ImageKey: position.ImageKey, [partition]: part, [sort]: position.sort });

async function* entriesOfPart(
  library: Library,
  query: IndexQuery,
  part: string,
  after: Position | undefined,
): AsyncGenerator<IndexEntry> {
  let next = after && startKey(query.index, part, after);
  do {
    const { Items = [], LastEvaluatedKey } = await library.dynamodb.send(
      new QueryCommand({
        ...queryInput(library, query, part),
        ...(next === undefined ? {} : { ExclusiveStartKey: next }),
      }),
    );
    for (const item of Items) yield indexEntry.parse(unmarshall(item));
    next = LastEvaluatedKey;
  } while (next !== undefined);
}

/** DynamoDB's order: numbers by value, strings by their UTF-8, which is not JavaScript's order. */
export const compareKeys = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : Buffer.compare(Buffer.from(`${a}`), Buffer.from(`${b}`));

export type Found = {
  readonly entry: IndexEntry;
  /** Goes on behind this entry when handed to `entries`. */
  readonly positions: Readonly<Record<string, Position>>;
};

/** All entries of some parts of an index, in the order of its sort key. Each part is read a page ahead at most. */
export async function* entries(
  library: Library,
  query: IndexQuery,
  after: Readonly<Record<string, Position>> = {},
): AsyncGenerator<Found> {
  const positions: Record<string, Position> = { ...after };
  const heads = await Promise.all(
    query.parts.map(async (part) => {
      const walk = entriesOfPart(library, query, part, after[part]);
      return { part, walk, head: await walk.next() };
    }),
  );
  const sign = query.descending === true ? -1 : 1;
  const order = (a: IndexEntry, b: IndexEntry): number =>
    sign * compareKeys(a[query.index.sort] ?? "", b[query.index.sort] ?? "");
  for (;;) {
    let first: ((typeof heads)[number] & { readonly entry: IndexEntry }) | undefined;
    for (const each of heads) {
      if (each.head.done === true) continue;
      const entry = each.head.value;
      if (first === undefined || order(entry, first.entry) < 0) first = { ...each, entry };
    }
    if (first === undefined) return;
    const { part, walk, entry } = first;
    positions[part] = positionOf(query.index, entry);
    yield { entry, positions: { ...positions } };
    const taken = heads.find((each) => each.part === part);
    if (taken !== undefined) taken.head = await walk.next();
  }
}

/** How many records the parts of an index hold; only their number travels. */
export const countEntries = async (library: Library, query: IndexQuery): Promise<number> => {
  const counts = await Promise.all(
    query.parts.map(async (part) => {
      let count = 0;
      let next: QueryCommandInput["ExclusiveStartKey"];
      do {
        const page = await library.dynamodb.send(
          new QueryCommand({ ...queryInput(library, query, part), Select: "COUNT", ExclusiveStartKey: next }),
        );
        count += page.Count ?? 0;
        next = page.LastEvaluatedKey;
      } while (next !== undefined);
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/** What DynamoDB reads in one BatchGetItem. */
export const RECORDS_AT_ONCE = 100;

/** The records of up to 100 keys, in their order; keys without one are left out. */
export const readRecords = async (
  { dynamodb, outputs: { tableName } }: Library,
  keys: readonly string[],
): Promise<readonly AssetRecord[]> => {
  const found = new Map<string, AssetRecord>();
  let asked: BatchGetItemCommandOutput["UnprocessedKeys"] =
    keys.length === 0
      ? undefined
      : { [tableName]: { Keys: keys.map((key) => marshall({ ImageKey: key })), ConsistentRead: true } };
  while (asked !== undefined && Object.keys(asked).length > 0) {
    const answer: BatchGetItemCommandOutput = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: asked }),
    );
    for (const item of answer.Responses?.[tableName] ?? []) {
      const record = assetRecord.parse(unmarshall(item));
      found.set(record.ImageKey, record);
    }
    // What DynamoDB had no capacity for.
    asked = answer.UnprocessedKeys;
  }
  return keys.flatMap((key) => found.get(key) ?? []);
};

/** Groups what comes one by one. */
export async function* inGroups<Item>(
  items: AsyncIterable<Item>,
  size: number,
): AsyncGenerator<readonly Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length === size) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
