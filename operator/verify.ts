import { createHash } from "node:crypto";
import { GetObjectCommand, type ListObjectsV2CommandInput, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ASSET_INDEXES, KEY_PARTS } from "../handler/core/asset-index.ts";
import type { AssetRecord } from "../handler/core/asset-record.ts";
import { isLive } from "../handler/core/criteria.ts";
import { manifestKey } from "../handler/core/object-key.ts";
import { compareBytes, inOrderOfFolders, sideBySide } from "./key-order.ts";
import { entries, inGroups, type Library, RECORDS_AT_ONCE, readRecords } from "./library.ts";
import { atRate } from "./rate.ts";
import type { Target } from "./target.ts";

/**
 * What is not as it should be.
 * - `missing`: an original without a record, or a rendition that its record has and the bucket has not
 * - `orphaned`: a record without an original, or an object in the destination bucket that no record has
 * - `stale`: a record of another version than the original's, or one without an outcome for too long
 * - `mismatch`: a rendition of another size, or with another hash, than its record says
 */
export type Difference = {
  readonly kind: "missing" | "orphaned" | "stale" | "mismatch";
  readonly what: "original" | "record" | "rendition";
  readonly key: string;
  /** A sentence for people. */
  readonly detail: string;
};

export type VerifyOptions = {
  /** Begins the keys of the originals. */
  readonly prefix?: string;
  /** Read every rendition and compare its hash with the record's. @default false */
  readonly hash?: boolean;
  /** Seconds that an upload may take before its missing outcome counts. @default 900 */
  readonly graceSeconds?: number;
  /** Renditions read a second, with `hash`. @default no limit */
  readonly rate?: number;
  readonly onProgress?: (originals: number) => void;
};

export type Verified = {
  readonly originals: number;
  readonly records: number;
  readonly renditions: number;
  readonly differences: number;
};

export type StoredObject = { readonly sizeBytes: number; readonly eTag: string; readonly modifiedAt: Date };
type Keyed<Item> = { readonly key: string; readonly item: Item };
type Places = Pick<Target, "s3" | "dynamodb" | "outputs">;

async function* objects(
  { s3 }: Places,
  input: ListObjectsV2CommandInput,
): AsyncGenerator<Keyed<StoredObject>> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
    for (const { Key = "", Size = 0, ETag = "", LastModified = new Date(0) } of Contents) {
      yield { key: Key, item: { sizeBytes: Size, eTag: ETag.replaceAll('"', ""), modifiedAt: LastModified } };
    }
  }
}

/** The console's folders are no images. */
async function* withoutFolders(
  found: AsyncIterable<Keyed<StoredObject>>,
): AsyncGenerator<Keyed<StoredObject>> {
  for await (const each of found) {
    if (!(each.item.sizeBytes === 0 && each.key.endsWith("/"))) yield each;
  }
}

async function* records(library: Library, prefix: string): AsyncGenerator<Keyed<AssetRecord>> {
  const query = { index: ASSET_INDEXES.byKey, parts: KEY_PARTS, range: { prefix } };
  for await (const group of inGroups(entries(library, query), RECORDS_AT_ONCE)) {
    const keys = group.map(({ entry }) => entry.ImageKey);
    for (const record of await readRecords(library, keys)) yield { key: record.ImageKey, item: record };
  }
}

/** What an original and its record have to say of each other. */
export const compareOriginal = (
  key: string,
  original: StoredObject | undefined,
  record: AssetRecord | undefined,
  oldest: Date,
): readonly Difference[] => {
  const isGone = !isLive(record);
  if (original === undefined) {
    return isGone
      ? []
      : [
          {
            kind: "orphaned",
            what: "record",
            key,
            detail: `its record is ${record.State}, but there is no original`,
          },
        ];
  }
  if (original.modifiedAt > oldest) return [];
  const since = original.modifiedAt.toISOString();
  if (isGone) {
    const detail = record === undefined ? "it has no record" : "its record says that it was deleted";
    return [{ kind: "missing", what: "original", key, detail: `${detail}, but it is there since ${since}` }];
  }
  if (record.ETag !== undefined && record.ETag !== original.eTag) {
    return [
      {
        kind: "stale",
        what: "record",
        key,
        detail: `its record is of another version than that of ${since}`,
      },
    ];
  }
  return record.State === "RECEIVED"
    ? [{ kind: "stale", what: "record", key, detail: `it has no outcome, though it is there since ${since}` }]
    : [];
};

/** Originals that the library does not have, or has as deleted. */
export async function* missingOriginals(
  places: Places,
  prefix: string,
): AsyncGenerator<{
  readonly key: string;
  readonly original: StoredObject;
  readonly record: AssetRecord | undefined;
}> {
  const source = withoutFolders(objects(places, { Bucket: places.outputs.sourceBucket, Prefix: prefix }));
  for await (const { key, left, right } of sideBySide(source, records(places, prefix))) {
    if (left !== undefined && !isLive(right)) {
      yield { key, original: left, record: right };
    }
  }
}

/** The originals against their records, both by key. */
async function* verifyOriginals(
  places: Places,
  prefix: string,
  oldest: Date,
  count: (record: boolean, original: boolean) => void,
): AsyncGenerator<Difference> {
  const source = withoutFolders(objects(places, { Bucket: places.outputs.sourceBucket, Prefix: prefix }));
  for await (const { key, left, right } of sideBySide(source, records(places, prefix))) {
    count(right !== undefined, left !== undefined);
    yield* compareOriginal(key, left, right, oldest);
  }
}

const sha256 = async ({ s3, outputs }: Places, key: string): Promise<string> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: outputs.destinationBucket, Key: key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  return createHash("sha256").update(bytes).digest("hex");
};

type HashOf = (key: string) => Promise<string>;

/** What the bucket should hold under a key. */
type Expected = {
  readonly sizeBytes: number | undefined;
  readonly hash: string | undefined;
  /** Whether the record says so for sure. */
  readonly isCertain: boolean;
};

const expectedOf = ({ ImageKey, State, Renditions = [] }: AssetRecord): readonly Keyed<Expected>[] => [
  ...Renditions.map(({ Key, SizeBytes, Sha256 }) => ({
    key: Key,
    item: { sizeBytes: SizeBytes, hash: Sha256, isCertain: State === "PROCESSED" },
  })),
  // A manifest is there by option, and a record does not tell.
  ...(Renditions.length === 0
    ? []
    : [{ key: manifestKey(ImageKey), item: { sizeBytes: undefined, hash: undefined, isCertain: false } }]),
];

/** What the records say is in the destination bucket, in the order in which S3 lists it. */
async function* expectedRenditions(places: Places, prefix: string): AsyncGenerator<Keyed<Expected>> {
  // Originals may lie below another, among its renditions: these wait until nothing before them can come.
  let held: Keyed<Expected>[] = [];
  for await (const { key, item: record } of inOrderOfFolders(records(places, prefix))) {
    const isLater = (each: Keyed<Expected>): boolean => compareBytes(each.key, `${key}/`) >= 0;
    yield* held.filter((each) => !isLater(each));
    held = [...held.filter(isLater), ...expectedOf(record)].toSorted((a, b) => compareBytes(a.key, b.key));
  }
  yield* held;
}

/** A prefix may also begin what lies below an original that it does not begin. */
const originalOf = (renditionKey: string): string => renditionKey.slice(0, renditionKey.lastIndexOf("/"));

async function* verifyRenditions(
  places: Places,
  prefix: string,
  oldest: Date,
  hashOf: HashOf | undefined,
  count: () => void,
): AsyncGenerator<Difference> {
  const stored = objects(places, { Bucket: places.outputs.destinationBucket, Prefix: prefix });
  for await (const { key, left, right } of sideBySide(stored, expectedRenditions(places, prefix))) {
    if (left !== undefined) count();
    const difference = (kind: Difference["kind"], detail: string): Difference => ({
      kind,
      what: "rendition",
      key,
      detail,
    });
    if (left === undefined) {
      if (right?.isCertain === true) yield difference("missing", "its record has it, but the bucket has not");
    } else if (right === undefined) {
      // What is being stored has no record yet.
      if (left.modifiedAt <= oldest && originalOf(key).startsWith(prefix))
        yield difference("orphaned", "no record has it");
    } else if (right.isCertain && right.sizeBytes !== left.sizeBytes) {
      yield difference("mismatch", `it has ${left.sizeBytes} bytes, but its record says ${right.sizeBytes}`);
    } else if (
      right.isCertain &&
      hashOf !== undefined &&
      right.hash !== undefined &&
      (await hashOf(key)) !== right.hash
    ) {
      yield difference("mismatch", "its content has another hash than its record says");
    }
  }
}

/**
 * Compares the source bucket, the library and the destination bucket. It walks all three in the order of their keys and
 * holds a page of each, so that its memory does not grow with the number of originals; and it changes nothing.
 *
 * @returns counts; the differences are handed to `tell` as they are found
 */
export const verify = async (
  places: Places,
  tell: (difference: Difference) => void,
  options: VerifyOptions = {},
  now = new Date(),
): Promise<Verified> => {
  const { prefix = "", hash = false, graceSeconds = 900, rate, onProgress } = options;
  const oldest = new Date(now.getTime() - graceSeconds * 1000);
  const counts = { originals: 0, records: 0, renditions: 0, differences: 0 };
  const turn = atRate(rate);
  const hashOf: HashOf = async (key) => {
    await turn(1);
    return sha256(places, key);
  };
  const told = async (differences: AsyncIterable<Difference>): Promise<void> => {
    for await (const difference of differences) {
      counts.differences += 1;
      tell(difference);
    }
  };
  await told(
    verifyOriginals(places, prefix, oldest, (record, original) => {
      if (record) counts.records += 1;
      if (original) counts.originals += 1;
      onProgress?.(counts.originals);
    }),
  );
  await told(
    verifyRenditions(places, prefix, oldest, hash ? hashOf : undefined, () => {
      counts.renditions += 1;
    }),
  );
  return counts;
};
