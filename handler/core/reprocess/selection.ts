import type { AssetState } from "../record/index.ts";
import { tagOf } from "../record/object-tags.ts";
import type { AssetRecord } from "../record/record.ts";
import { type RenditionSpec, specsFingerprint, specsFor } from "../spec/rendition-spec.ts";

/** What is looked for; all of it must be so. */
export type Criteria = {
  /** Begins the key. */
  readonly prefix?: string;
  readonly state?: AssetState;
  /** When it was uploaded, ISO 8601: from then on. */
  readonly from?: string;
  /** When it was uploaded, ISO 8601: until then, that moment included. */
  readonly to?: string;
  /** One of `INDEXED_FORMATS`; found once there is an outcome. */
  readonly format?: string;
  /** An object tag of the original as `name=value`; found once there is an outcome. */
  readonly tag?: string;
  /** Bytes of the original, at least. */
  readonly minBytes?: number;
  /** Bytes of the original, at most. */
  readonly maxBytes?: number;
};

const isWithin = (
  value: number | string | undefined,
  from?: number | string,
  to?: number | string,
): boolean =>
  (from === undefined || (value !== undefined && value >= from)) &&
  (to === undefined || (value !== undefined && value <= to));

/** Whether a record is what is looked for. */
export const matches = (criteria: Criteria, record: AssetRecord): boolean => {
  const { prefix = "", state, from, to, format, tag, minBytes, maxBytes } = criteria;
  return (
    record.ImageKey.startsWith(prefix) &&
    (state === undefined || record.State === state) &&
    (format === undefined || (record.State !== "RECEIVED" && (record.Format ?? "unknown") === format)) &&
    (tag === undefined || record.Tags?.[tagOf(tag).name] === tagOf(tag).value) &&
    isWithin(record.UploadTime, from, to) &&
    isWithin(record.SizeBytes, minBytes, maxBytes)
  );
};

/** What a reprocess may ask for besides. */
export type Selection = Criteria & {
  /** Only those whose rendition specs are others now than when they were processed. @default false */
  readonly specsChanged?: boolean;
  /** Originals that the library does not know, by prefix alone, in place of those that it knows. @default false */
  readonly missing?: boolean;
};

/** Whether the library has the record as that of an original that is there. */
export const isLive = (record: AssetRecord | undefined): record is AssetRecord =>
  record !== undefined && record.State !== "DELETED";

/** Uploads in work end by themselves, and there is nothing left of a deleted one. */
const isSettled = ({ State }: AssetRecord): boolean => State === "PROCESSED" || State === "FAILED";

const isOfOtherSpecs = (
  { ImageKey, SpecsFingerprint }: AssetRecord,
  specs: readonly RenditionSpec[],
): boolean => SpecsFingerprint !== specsFingerprint(specsFor(specs, ImageKey));

/** Whether a record that matches is one to process once more. @param specs those that the function has now */
export const isToReprocess = (
  record: AssetRecord,
  { specsChanged = false }: Selection,
  specs: readonly RenditionSpec[],
): boolean => isSettled(record) && (!specsChanged || isOfOtherSpecs(record, specs));
