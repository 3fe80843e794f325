import { createHash } from "node:crypto";
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import { z } from "zod";
import { ASSET_INDEXES, KEY_PARTS } from "../../handler/core/record/index.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { isLive } from "../../handler/core/reprocess/selection.ts";
import { compareBytes, inOrderOfFolders, type Keyed, sideBySide } from "../library/key-order.ts";
import { entries, inGroups, type Library, RECORDS_AT_ONCE, readRecords } from "../library/library.ts";
import { sorted } from "../library/sorted.ts";
import { atRate } from "../queue/rate.ts";
import type { Target } from "../target.ts";
import {
  compareOriginal,
  compareRendition,
  type Difference,
  type ExpectedRendition,
  expectedOf,
  originalOf,
} from "./differences.ts";
import { type InventoryList, latestList, listedObjects } from "./inventory-list.ts";
import { lookAt, objects, type StoredObject, withoutFolders } from "./stored-objects.ts";

export type VerifyOptions = {
  /** Begins the keys of the originals. */
  readonly prefix?: string;
  /** Read every rendition and compare its hash with the record's. @default false */
  readonly hash?: boolean;
  /** Seconds that an upload may take before its missing outcome counts. @default 900 */
  readonly graceSeconds?: number;
  /** Renditions read a second, with `hash`. @default no limit */
  readonly rate?: number;
  /** Take what the buckets hold from S3's newest lists of them; see `Verified.lists`. @default false */
  readonly inventory?: boolean;
  readonly onProgress?: (originals: number) => void;
};

export type Verified = {
  readonly originals: number;
  readonly records: number;
  readonly renditions: number;
  readonly differences: number;
  /**
   * When S3 made the lists that were read in place of the buckets, ISO 8601. A difference that they show was looked at
   * again and is one now; what came, went or broke after they were made was not met.
   */
  readonly lists?: { readonly originals: string; readonly renditions: string };
};

type Places = Pick<Target, "s3" | "dynamodb" | "outputs">;

/** What both buckets hold, in the order of keys. */
type Buckets = {
  readonly originals: AsyncIterable<Keyed<StoredObject>>;
  readonly renditions: AsyncIterable<Keyed<StoredObject>>;
};

const originals = (places: Places, prefix: string): AsyncIterable<Keyed<StoredObject>> =>
  withoutFolders(objects(places, { Bucket: places.outputs.sourceBucket, Prefix: prefix }));

const buckets = (places: Places, prefix: string): Buckets => ({
  originals: originals(places, prefix),
  renditions: objects(places, { Bucket: places.outputs.destinationBucket, Prefix: prefix }),
});

const keptObject = z.tuple([z.string(), z.number(), z.string(), z.number()]);

const LINE_FORM = {
  toLine: ({ key, item }: Keyed<StoredObject>): string =>
    JSON.stringify([key, item.sizeBytes, item.eTag, item.modifiedAt.getTime()]),
  fromLine: (line: string): Keyed<StoredObject> => {
    const [key, sizeBytes, eTag, modifiedAt] = keptObject.parse(JSON.parse(line));
    return { key, item: { sizeBytes, eTag, modifiedAt: new Date(modifiedAt) } };
  },
};

type Lists = { readonly originals: InventoryList; readonly renditions: InventoryList };

const latestLists = async (places: Places): Promise<Lists> => ({
  originals: await latestList(places, places.outputs.sourceBucket),
  renditions: await latestList(places, places.outputs.destinationBucket),
});

const listedBuckets = (places: Places, lists: Lists, prefix: string): Buckets => ({
  originals: withoutFolders(sorted(listedObjects(places, lists.originals, prefix), LINE_FORM)),
  renditions: sorted(listedObjects(places, lists.renditions, prefix), LINE_FORM),
});

async function* records(library: Library, prefix: string): AsyncGenerator<Keyed<AssetRecord>> {
  const query = { index: ASSET_INDEXES.byKey, parts: KEY_PARTS, range: { prefix } };
  for await (const group of inGroups(entries(library, query), RECORDS_AT_ONCE)) {
    const keys = group.map(({ entry }) => entry.ImageKey);
    for (const record of await readRecords(library, keys)) yield { key: record.ImageKey, item: record };
  }
}

/** Originals that the library does not have, or has as deleted. */
export async function* missingOriginals(
  places: Places,
  prefix: string,
): AsyncGenerator<{
  readonly key: string;
  readonly original: StoredObject;
  readonly record: AssetRecord | undefined;
}> {
  for await (const { key, left, right } of sideBySide(originals(places, prefix), records(places, prefix))) {
    if (left !== undefined && !isLive(right)) {
      yield { key, original: left, record: right };
    }
  }
}

/** What is so of one key now, whatever a list says. */
const originalNow = async (places: Places, key: string, oldest: Date): Promise<Difference | undefined> => {
  const [record] = await readRecords(places, [key]);
  return compareOriginal(key, await lookAt(places, places.outputs.sourceBucket, key), record, oldest);
};

const renditionNow = async (places: Places, key: string, oldest: Date): Promise<Difference | undefined> => {
  const [record] = await readRecords(places, [originalOf(key)]);
  const expected = record && expectedOf(record).find((each) => each.key === key)?.item;
  return compareRendition(key, await lookAt(places, places.outputs.destinationBucket, key), expected, oldest);
};

/** The hash of what lies under a rendition's key; `undefined` when it went since it was listed. */
const sha256 = async ({ s3, outputs }: Places, key: string): Promise<string | undefined> => {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: outputs.destinationBucket, Key: key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return createHash("sha256").update(bytes).digest("hex");
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};

/** What the records say is in the destination bucket, in the order in which S3 lists it. */
async function* expectedRenditions(places: Places, prefix: string): AsyncGenerator<Keyed<ExpectedRendition>> {
  // Originals may lie below another, among its renditions: these wait until nothing before them can come.
  let held: Keyed<ExpectedRendition>[] = [];
  for await (const { key, item: record } of inOrderOfFolders(records(places, prefix))) {
    const isLater = (each: Keyed<ExpectedRendition>): boolean => compareBytes(each.key, `${key}/`) >= 0;
    yield* held.filter((each) => !isLater(each));
    held = [...held.filter(isLater), ...expectedOf(record)].toSorted((a, b) => compareBytes(a.key, b.key));
  }
  yield* held;
}

/**
 * Compares the source bucket, the library and the destination bucket. It walks all three in the order of their keys and
 * holds a page of each, so that its memory does not grow with the number of originals; and it changes nothing.
 *
 * @returns counts; the differences are handed to `tell` as they are found
 * @throws {OperatorError} with `inventory`, when there are no lists
 */
export const verify = async (
  places: Places,
  tell: (difference: Difference) => void,
  options: VerifyOptions = {},
  now = new Date(),
): Promise<Verified> => {
  const { prefix = "", hash = false, graceSeconds = 900, rate, inventory = false, onProgress } = options;
  const oldest = new Date(now.getTime() - graceSeconds * 1000);
  const lists = inventory ? await latestLists(places) : undefined;
  const held = lists === undefined ? buckets(places, prefix) : listedBuckets(places, lists, prefix);
  const counts = { originals: 0, records: 0, renditions: 0, differences: 0 };
  const turn = atRate(rate);
  const told = (difference: Difference | undefined): void => {
    if (difference === undefined) return;
    counts.differences += 1;
    tell(difference);
  };

  for await (const { key, left, right } of sideBySide(held.originals, records(places, prefix))) {
    if (right !== undefined) counts.records += 1;
    if (left !== undefined) counts.originals += 1;
    onProgress?.(counts.originals);
    const difference = compareOriginal(key, left, right, oldest);
    told(difference && lists ? await originalNow(places, key, oldest) : difference);
  }
  for await (const { key, left, right } of sideBySide(held.renditions, expectedRenditions(places, prefix))) {
    if (left !== undefined) counts.renditions += 1;
    // A prefix may also begin what lies below an original that it does not begin.
    if (right === undefined && !originalOf(key).startsWith(prefix)) continue;
    const difference = compareRendition(key, left, right, oldest);
    if (difference !== undefined) {
      told(lists ? await renditionNow(places, key, oldest) : difference);
    } else if (hash && left !== undefined && right?.isCertain === true && right.hash !== undefined) {
      await turn(1);
      const found = await sha256(places, key);
      if (found === undefined) {
        told(await renditionNow(places, key, oldest));
      } else if (found !== right.hash) {
        const detail = "its content has another hash than its record says";
        told({ kind: "mismatch", what: "rendition", key, detail });
      }
    }
  }
  return {
    ...counts,
    ...(lists && {
      lists: {
        originals: lists.originals.madeAt.toISOString(),
        renditions: lists.renditions.madeAt.toISOString(),
      },
    }),
  };
};
