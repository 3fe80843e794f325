import * as z from "zod";
import type { Upload } from "../events/s3-event.ts";
import { reprocessSequencer } from "../events/sequencer.ts";
import { ASSET_STATES, type AssetState } from "./index.ts";
import type { AssetRecord } from "./record.ts";

const holder = z.object({
  State: z.enum(ASSET_STATES),
  Sequencer: z.string(),
  VersionId: z.string().optional(),
  ETag: z.string().optional(),
  NotifiedAt: z.string().optional(),
  GivenUpAt: z.string().optional(),
  Renditions: z.array(z.object({ Key: z.string() })).optional(),
});

/** What a record says of the event that it belongs to. */
export type RecordHolder = {
  readonly state: AssetState;
  readonly sequencer: string;
  readonly versionId: string | undefined;
  readonly eTag: string | undefined;
  readonly isNotified: boolean;
  /** People were told that every try had failed. */
  readonly isGivenUp: boolean;
  /** Keys of the renditions that the record lists; none of a deleted original, whatever is kept of it. */
  readonly renditionKeys: readonly string[];
};

/** Reads back whose a record is. */
export const holderOfRecord = (record: unknown): RecordHolder => {
  const { State, Sequencer, VersionId, ETag, NotifiedAt, GivenUpAt, Renditions = [] } = holder.parse(record);
  return {
    state: State,
    sequencer: Sequencer,
    versionId: VersionId,
    eTag: ETag,
    isNotified: NotifiedAt !== undefined,
    isGivenUp: GivenUpAt !== undefined,
    renditionKeys: State === "DELETED" ? [] : Renditions.map(({ Key }) => Key),
  };
};

/** The upload that a record is of, in the version that it has, but for its place in the order of events. */
export const recordedUpload = (
  record: Pick<AssetRecord, "SourceBucket" | "ImageKey" | "SizeBytes" | "ETag" | "VersionId" | "UploadTime">,
): Omit<Upload, "sequencer"> => ({
  bucket: record.SourceBucket,
  key: record.ImageKey,
  sizeBytes: record.SizeBytes,
  eTag: record.ETag,
  versionId: record.VersionId,
  uploadTime: record.UploadTime,
});

const waiting = z.object({
  ImageKey: z.string(),
  SourceBucket: z.string(),
  SizeBytes: z.int(),
  ETag: z.string().optional(),
  VersionId: z.string().optional(),
  Sequencer: z.string(),
  UploadTime: z.string(),
});

/**
 * The upload that a record is of, as one that comes again now that its original was restored: after all that was told
 * of the key before the record's own event, and before all that S3 will tell of it next. The same restore, told twice,
 * gives the same upload.
 */
export const restoredUpload = (record: unknown, restoredAt: string): Upload => {
  const found = waiting.parse(record);
  return {
    ...recordedUpload(found),
    sequencer: reprocessSequencer(found.Sequencer, new Date(restoredAt)),
    restoredAt,
  };
};

/** Whether the record is of the very object that the upload brought, told by another event. */
export const isSameOriginal = (
  { versionId, eTag }: Pick<Upload, "versionId" | "eTag">,
  found: RecordHolder,
): boolean =>
  found.state !== "DELETED" &&
  (versionId === undefined
    ? found.versionId === undefined && eTag !== undefined && found.eTag === eTag
    : found.versionId === versionId);

/** Whether what lies under the key is the very object that the upload brought. */
export const isCurrent = (
  { versionId, eTag }: Pick<Upload, "versionId" | "eTag">,
  current: Pick<Upload, "versionId" | "eTag"> | undefined,
): boolean =>
  current !== undefined &&
  (versionId === undefined || current.versionId === undefined
    ? eTag !== undefined && current.eTag === eTag
    : current.versionId === versionId);

/**
 * Whether another delivery of the upload's event found something else under the key than this one did. Only an event
 * that took something away can find what it does not name. The key has changed between the two then, and the change
 * has a later event of its own, by which all will be put right; were each delivery to work on what it finds, files of
 * two originals would be told apart by nothing.
 */
export const isStale = (
  { sequencer, versionId, eTag }: Pick<Upload, "sequencer" | "versionId" | "eTag">,
  found: RecordHolder,
): boolean =>
  found.sequencer === sequencer &&
  (found.state === "DELETED" ||
    found.versionId !== versionId ||
    (versionId === undefined && eTag !== undefined && found.eTag !== undefined && found.eTag !== eTag));
