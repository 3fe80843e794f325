import { manifestKey } from "../../handler/core/object-key.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { isLive } from "../../handler/core/reprocess/selection.ts";
import type { Keyed } from "../library/key-order.ts";
import type { StoredObject } from "./stored-objects.ts";

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

/** What an original and its record have to say of each other. @param oldest what is younger may still be in work */
export const compareOriginal = (
  key: string,
  original: StoredObject | undefined,
  record: AssetRecord | undefined,
  oldest: Date,
): Difference | undefined => {
  if (original === undefined) {
    if (!isLive(record)) return undefined;
    const detail = `its record is ${record.State}, but there is no original`;
    return { kind: "orphaned", what: "record", key, detail };
  }
  if (original.modifiedAt > oldest) return undefined;
  const since = original.modifiedAt.toISOString();
  if (!isLive(record)) {
    const detail = record === undefined ? "it has no record" : "its record says that it was deleted";
    return { kind: "missing", what: "original", key, detail: `${detail}, but it is there since ${since}` };
  }
  if (record.ETag !== undefined && record.ETag !== original.eTag) {
    const detail = `its record is of another version than that of ${since}`;
    return { kind: "stale", what: "record", key, detail };
  }
  if (record.State !== "RECEIVED") return undefined;
  return {
    kind: "stale",
    what: "record",
    key,
    detail: `it has no outcome, though it is there since ${since}`,
  };
};

/** What the bucket should hold under a key. */
export type ExpectedRendition = {
  readonly sizeBytes: number | undefined;
  readonly hash: string | undefined;
  /** Whether the record says so for sure. */
  readonly isCertain: boolean;
};

/** What a record says is in the destination bucket. */
export const expectedOf = ({
  ImageKey,
  State,
  Renditions = [],
}: AssetRecord): readonly Keyed<ExpectedRendition>[] => [
  ...Renditions.map(({ Key, SizeBytes, Sha256 }) => ({
    key: Key,
    item: { sizeBytes: SizeBytes, hash: Sha256, isCertain: State === "PROCESSED" },
  })),
  // A manifest is there by option, and a record does not tell.
  ...(Renditions.length === 0
    ? []
    : [{ key: manifestKey(ImageKey), item: { sizeBytes: undefined, hash: undefined, isCertain: false } }]),
];

/** The original whose rendition would lie under a key. */
export const originalOf = (renditionKey: string): string =>
  renditionKey.slice(0, renditionKey.lastIndexOf("/"));

/** What lies under a rendition's key, and what a record says of it, but for its content. */
export const compareRendition = (
  key: string,
  stored: StoredObject | undefined,
  expected: ExpectedRendition | undefined,
  oldest: Date,
): Difference | undefined => {
  const difference = (kind: Difference["kind"], detail: string): Difference => ({
    kind,
    what: "rendition",
    key,
    detail,
  });
  if (expected === undefined) {
    // What is being stored has no record yet.
    return stored === undefined || stored.modifiedAt > oldest
      ? undefined
      : difference("orphaned", "no record has it");
  }
  if (!expected.isCertain) return undefined;
  if (stored === undefined) return difference("missing", "its record has it, but the bucket has not");
  return expected.sizeBytes === stored.sizeBytes
    ? undefined
    : difference("mismatch", `it has ${stored.sizeBytes} bytes, but its record says ${expected.sizeBytes}`);
};
