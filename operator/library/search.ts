import { fingerprint } from "../../handler/core/fingerprint.ts";
import {
  ASSET_INDEXES,
  ASSET_STATES,
  INDEXED_FORMATS,
  KEY_PARTS,
  partsOf,
} from "../../handler/core/record/index.ts";
import { tagIndex, tagOf } from "../../handler/core/record/object-tags.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { type Criteria, matches } from "../../handler/core/reprocess/selection.ts";
import { plain } from "../../handler/core/strangers-text.ts";
import { OperatorError } from "../errors.ts";
import {
  entries,
  type Found,
  type IndexEntry,
  type IndexQuery,
  type Library,
  type Position,
  RECORDS_AT_ONCE,
  readRecords,
} from "./library.ts";
import { positionsOf, positionsText } from "./position-text.ts";

const dates = ({ from, to }: Criteria) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const sizes = ({ minBytes, maxBytes }: Criteria) => ({
  ...(minBytes === undefined ? {} : { from: minBytes }),
  ...(maxBytes === undefined ? {} : { to: maxBytes }),
});

/**
 * The index that leaves least to look through. Records that were received or failed are few; a prefix or a date is
 * likely to say more than that a record is processed, as nearly all are; and a tag is what somebody chose to find by.
 */
export const indexQueryFor = (criteria: Criteria): IndexQuery => {
  const { prefix, state, from, to, format, tag, minBytes, maxBytes } = criteria;
  const { byKey, byState, byFormat } = ASSET_INDEXES;
  const isRare = state !== undefined && state !== "PROCESSED";
  const isDated = from !== undefined || to !== undefined;
  if (tag !== undefined) {
    const { name, value } = tagOf(tag);
    return { index: tagIndex(name), parts: partsOf(value), range: dates(criteria), descending: true };
  }
  if (isRare || (isDated && prefix === undefined)) {
    const states = state === undefined ? ASSET_STATES : [state];
    return { index: byState, parts: states.flatMap(partsOf), range: dates(criteria), descending: true };
  }
  if (prefix !== undefined) {
    return { index: byKey, parts: KEY_PARTS, range: { prefix } };
  }
  if (format !== undefined || minBytes !== undefined || maxBytes !== undefined) {
    const formats = format === undefined ? INDEXED_FORMATS : [format];
    return { index: byFormat, parts: formats.flatMap(partsOf), range: sizes(criteria), descending: true };
  }
  return state === undefined
    ? { index: byKey, parts: KEY_PARTS }
    : { index: byState, parts: partsOf(state), descending: true };
};

/** What an index entry alone can rule out. */
const mayMatch = ({ prefix = "" }: Criteria, { ImageKey }: IndexEntry): boolean =>
  ImageKey.startsWith(prefix);

export type SearchPage = {
  readonly records: readonly AssetRecord[];
  /** Handed to the next search with the same criteria it goes on behind this page; `undefined` at the end. */
  readonly next: string | undefined;
};

export type SearchOptions = {
  /** Records of a page at most, 1 to 1,000. @default 100 */
  readonly limit?: number;
  /** A page's `next`. */
  readonly after?: string | undefined;
};

async function* candidateGroups(
  library: Library,
  criteria: Criteria,
  after: Readonly<Record<string, Position>>,
): AsyncGenerator<readonly Found[]> {
  let group: Found[] = [];
  for await (const found of entries(library, indexQueryFor(criteria), after)) {
    if (!mayMatch(criteria, found.entry)) continue;
    group.push(found);
    if (group.length === RECORDS_AT_ONCE) {
      yield group;
      group = [];
    }
  }
  yield group;
}

const requireOrder = (from: string | number | undefined, to: string | number | undefined): void => {
  if (from !== undefined && to !== undefined && from > to) {
    throw new OperatorError(`Expected a range that begins before it ends, got ${from} to ${to}.`);
  }
};

const requireTag = ({ outputs: { recordTags = [] } }: Library, tag: string | undefined): void => {
  if (tag === undefined || recordTags.includes(tagOf(tag).name)) return;
  throw new OperatorError(
    recordTags.length === 0
      ? "This stack records no object tags: `pulumi config set --path 'recordTags[0]' NAME` has it record one, of what is processed from then on."
      : `--tag ${plain(tag)}: expected NAME=VALUE with a name that is recorded: ${recordTags.join(", ")}.`,
  );
};

/** Every record that matches, one by one, in the order of the index that `indexQueryFor` chooses. */
export async function* searchAll(
  library: Library,
  criteria: Criteria,
  after: Readonly<Record<string, Position>> = {},
): AsyncGenerator<{ readonly record: AssetRecord; readonly positions: Readonly<Record<string, Position>> }> {
  requireTag(library, criteria.tag);
  requireOrder(criteria.from, criteria.to);
  requireOrder(criteria.minBytes, criteria.maxBytes);
  for await (const group of candidateGroups(library, criteria, after)) {
    const keys = [...new Set(group.map(({ entry }) => entry.ImageKey))];
    const records = new Map((await readRecords(library, keys)).map((record) => [record.ImageKey, record]));
    for (const { entry, positions } of group) {
      const record = records.get(entry.ImageKey);
      // The index runs a moment behind the record, so the record decides.
      if (record === undefined || !matches(criteria, record)) continue;
      // A record that changes its state meanwhile stands in two parts of an index for a moment.
      records.delete(entry.ImageKey);
      yield { record, positions };
    }
  }
}

const criteriaOf = (criteria: Criteria): string =>
  fingerprint(JSON.stringify(Object.entries(criteria).sort(([a], [b]) => (a < b ? -1 : 1))));

/**
 * One page of the records that match, by the table's indexes and never by a scan: by date the newest first, by size
 * the largest first, by key in the order of their UTF-8.
 *
 * @throws {OperatorError} when `after` is not of a search with the same criteria.
 */
export const search = async (
  library: Library,
  criteria: Criteria,
  { limit = 100, after }: SearchOptions = {},
): Promise<SearchPage> => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new OperatorError(`Expected a limit of 1 to 1,000 records, got ${limit}.`);
  }
  const positions = after === undefined ? {} : positionsOf(after, criteriaOf(criteria));
  const records: AssetRecord[] = [];
  let last: Readonly<Record<string, Position>> = positions;
  for await (const found of searchAll(library, criteria, positions)) {
    if (records.length === limit) {
      return { records, next: positionsText(last, criteriaOf(criteria)) };
    }
    records.push(found.record);
    last = found.positions;
  }
  return { records, next: undefined };
};
