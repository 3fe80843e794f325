import type { Appearance, Asset, FailedAsset } from "./core/asset.ts";
import type { AssetRecord } from "./core/asset-record.ts";
import type { PermanentCode } from "./core/errors.ts";
import type { FailedTry } from "./core/failed-try.ts";
import type { DatedOutcome, LedgerEntry } from "./core/ledger.ts";
import type { IsLeftOver } from "./core/left-over.ts";
import type { MadeWith } from "./core/made-with.ts";
import type { Manifest } from "./core/manifest.ts";
import type { Notice } from "./core/notice-text.ts";
import type { ObjectTags } from "./core/object-tags.ts";
import type { ImageInfo, TransformPlan } from "./core/plan.ts";
import type { RenditionFormat } from "./core/rendition-format.ts";
import type { Removal, Restore, Upload } from "./core/upload-event.ts";

/** Every method that works for the pipeline fails with a `PipelineError` and nothing else. */
export type SourceReader = {
  /**
   * Reads exactly the version of the object that the upload brought.
   * @param judge is shown the first bytes, 64 KiB or all; when it throws, the rest is not read
   * @throws SOURCE_MISSING, SOURCE_REPLACED, SOURCE_ARCHIVED, EMPTY_OBJECT; TOO_MANY_BYTES before a byte of the
   * body is read; READ_FAILED (retryable)
   */
  readonly read: (upload: Upload, maxBytes: number, judge: (arrival: Arrival) => void) => Promise<Uint8Array>;
  /**
   * The object tags of the version that the upload brought, of these names.
   * @throws SOURCE_MISSING; READ_FAILED (retryable)
   */
  readonly tags: (upload: Upload, names: readonly string[]) => Promise<ObjectTags>;
  /**
   * Looks at what lies under the key now; `undefined` when nothing does.
   * @throws READ_FAILED (retryable)
   */
  readonly current: (bucket: string, key: string) => Promise<CurrentOriginal | undefined>;
};

/** What is known of an original once its first bytes are there. */
export type Arrival = {
  readonly firstBytes: Uint8Array;
  /** As the uploader declared it. */
  readonly contentType: string | undefined;
};

/** The upload that brought an object, but for its place in the order of events, which S3 tells in events alone. */
export type CurrentOriginal = Omit<Upload, "sequencer">;

/** A rendition's file, before it is stored. */
export type RenditionFile = {
  readonly name: string;
  readonly key: string;
  readonly format: RenditionFormat;
  readonly width: number;
  readonly height: number;
  readonly cacheControl: string;
  readonly bytes: Uint8Array;
};

/** What an upload's renditions may find under their keys; a guess that is wrong costs a request, and no more. */
export type Expected = "nothing" | "earlier renditions";

/** What is stored of an upload never takes the place of what is stored of a later one. */
export type RenditionWriter = {
  /**
   * Stores a rendition under its key, over that of an earlier upload, and under that of a later one not at all.
   * @throws STORE_FAILED (retryable)
   */
  readonly write: (file: RenditionFile, original: Upload, expected: Expected) => Promise<void>;
  /**
   * Stores a manifest in the same way.
   * @throws STORE_FAILED (retryable)
   */
  readonly writeManifest: (
    key: string,
    manifest: Manifest,
    original: Upload,
    expected: Expected,
  ) => Promise<void>;
  /**
   * Deletes the files beside an original's renditions that are left over, and tells their keys. What another upload
   * puts in such a file's place meanwhile is judged anew.
   * @throws REMOVE_FAILED (retryable)
   */
  readonly remove: (originalKey: string, isLeftOver: IsLeftOver) => Promise<readonly string[]>;
};

/** Watermarks by their keys in the source bucket, as files. */
export type Watermarks = ReadonlyMap<string, Uint8Array>;

export type WatermarkReader = {
  /**
   * Reads an image that renditions are marked with, or remembers it.
   * @throws WATERMARK_UNUSABLE (retryable) when there is none or it is too large; READ_FAILED (retryable)
   */
  readonly read: (bucket: string, key: string) => Promise<Uint8Array>;
};

export type Imaging = {
  /**
   * Tells what the image is from its content.
   * @param trims thresholds by which to look for edges of one colour, which takes a decode; none by default
   * @throws UNSUPPORTED_FORMAT, HEIC_NOT_DECODED, SVG_NOT_ALLOWED, CORRUPT_IMAGE; DECODER_CRASHED, TOO_MUCH_TIME
   */
  readonly inspect: (bytes: Uint8Array, trims?: readonly number[]) => Promise<ImageInfo>;
  /**
   * Makes every rendition planned, upright, in sRGB, without metadata, and tells how the image looks.
   * @param deliver takes each file as soon as it is made, in no order that could be told before; some files are made
   * only after it has ended for others
   * @param watermarks every image that a plan marks renditions with; none by default
   * @throws CORRUPT_IMAGE when the image can't be decoded, and WATERMARK_UNUSABLE (retryable) when a watermark can't,
   * before anything is delivered but for later frames of an animation; DECODER_CRASHED, TOO_MUCH_TIME;
   * TRANSFORM_FAILED (retryable); what deliver throws
   */
  readonly transform: (
    bytes: Uint8Array,
    plans: readonly TransformPlan[],
    deliver: (file: RenditionFile) => Promise<void>,
    watermarks?: Watermarks,
  ) => Promise<Appearance>;
};

/** A record that stands. */
export type Standing = {
  /** Of the event that it belongs to: another one, unless the very same is done; empty when there is no record. */
  readonly bySequencer: string;
  /** Keys of the renditions that it lists. */
  readonly listedKeys: readonly string[];
};

/** The record belongs to what came of the same key later. */
type Superseded = Standing & { readonly outcome: "superseded" };

/** All that is to be done of the upload is done, by this event or by another of the very same version. */
type Duplicate = Standing & { readonly outcome: "duplicate" };

/**
 * Another attempt at the same event has recorded the other outcome, while this one was at work: what is made by the two
 * would be told apart by nothing, so the first outcome stands.
 */
type Outdone = Standing & {
  readonly outcome: "outdone";
  /** The other attempt is all done. */
  readonly isNotified: boolean;
};

/** Another delivery of the same event found something else under the key; what changed it has a later event. */
type Contradicted = { readonly outcome: "contradicted" };

/**
 * The order of the key was reset, and the event's place is one from before: events count since then by what lies under
 * the key, each with the sequencer that `sinceReset` gives it.
 */
type BeforeReset = { readonly outcome: "reset"; readonly reset: string };

export type Receipt =
  | {
      readonly outcome: "accepted";
      /** Renditions may be there already, of an earlier upload or of an earlier attempt. */
      readonly expected: Expected;
      /** What an attempt before this one has recorded, and may not have told: nothing else is left to do. */
      readonly failure?: FailedAsset | undefined;
    }
  | Duplicate
  | Superseded
  | Contradicted
  | BeforeReset;

export type Recorded =
  | {
      readonly outcome: "recorded";
      /** The upload's notice was sent before. */
      readonly isNotified: boolean;
    }
  | Duplicate
  | Superseded
  | Outdone;

/**
 * One record a key; a later event's change stands, whatever the order they come in. Every method fails with
 * RECORD_FAILED (retryable).
 */
export type AssetLibrary = {
  /**
   * Begins or resumes the record of an upload, unless it is done or something later has the record.
   * @param isAgain process it although the record says that its version is done
   * @throws MALFORMED_MESSAGE (retryable) when what comes again has a place in the order that the record has not; see
   * `mayComeAgain`
   */
  readonly receive: (upload: Upload, isAgain: boolean) => Promise<Receipt>;
  /** Writes the outcome, unless something later has the record, or another attempt has recorded the other outcome. */
  readonly record: (asset: Asset) => Promise<Recorded>;
  /**
   * Remembers what a try failed on, unless there is an outcome, or something later has the record: then there is nothing
   * to tell.
   */
  readonly noteFailedTry: (
    upload: Upload,
    failedTry: FailedTry,
    at: Date,
  ) => Promise<{ readonly outcome: "noted"; readonly isGivenUp: boolean } | { readonly outcome: "nothing" }>;
  /** Remembers that people were told that every try had failed, unless something later has the record. */
  readonly markGivenUp: (upload: Upload, at: Date) => Promise<void>;
  /** Remembers that nothing is left to do, unless something later has the record. */
  readonly markNotified: (upload: Upload, at: Date) => Promise<void>;
  /**
   * Tells whether the record is of this version and done, and makes it count for the event that its upload names: an
   * event between the two is then the earlier one.
   */
  readonly confirm: (upload: Upload) => Promise<boolean>;
  /** The upload that waits for this restore: its record says SOURCE_ARCHIVED, or is not done. */
  readonly waitingFor: (
    restore: Restore,
  ) => Promise<
    { readonly outcome: "waiting"; readonly upload: Upload } | ({ readonly outcome: "nothing" } & Standing)
  >;
  /**
   * Has the order of a key begin anew behind whatever its record claims; told twice, it begins once. What is told from
   * then on counts by what lies under the key, so whoever looks there after it misses nothing.
   * @param sequencer from `resetSequencer`
   */
  readonly reset: (
    key: string,
    sequencer: string,
  ) => Promise<{ readonly outcome: "begun" } | { readonly outcome: "nothing" } | Superseded>;
  /** Marks the record as that of a deleted original, unless something later has it. */
  readonly remove: (
    removal: Removal,
  ) => Promise<{ readonly outcome: "removed" } | Superseded | Contradicted | BeforeReset>;
};

export type Notifier = {
  /** @throws NOTIFY_FAILED (retryable) */
  readonly notify: (notice: Notice) => Promise<void>;
};

/** What became of uploads, for digests. */
export type Ledger = {
  /**
   * Enters what became of an upload; what was entered of it before stands.
   * @throws RECORD_FAILED (retryable)
   */
  readonly enter: (entry: LedgerEntry, at: Date) => Promise<void>;
};

/** A run that makes a digest has the work until it says otherwise, or its time is over. */
export type DigestClaim = { readonly id: string; readonly now: Date; readonly until: Date };

export type Claimed =
  | {
      readonly outcome: "claimed";
      /** End of the last digest's period; `undefined` when there was none. */
      readonly mailedUntil: Date | undefined;
    }
  /** A digest has told all until then. */
  | { readonly outcome: "mailed" }
  /** Another run has the work, until then at most. */
  | { readonly outcome: "taken"; readonly until: Date };

/** The ledger as digests are made of it. Every method fails with READ_FAILED or RECORD_FAILED (retryable). */
export type DigestLedger = {
  /** Takes the work on all that was not mailed until `due`, unless another run has it. */
  readonly claim: (due: Date, claim: DigestClaim) => Promise<Claimed>;
  /** When the oldest entry was entered. */
  readonly oldest: () => Promise<Date | undefined>;
  /**
   * Reads what was entered from a time on and before another, in no order.
   * @param take gets each page; what it throws ends the reading
   */
  readonly read: (from: Date, to: Date, take: (outcomes: readonly DatedOutcome[]) => void) => Promise<void>;
  /** Remembers how far digests have told, and ends the claim. */
  readonly markMailed: (until: Date, claimId: string) => Promise<void>;
  /** Ends the claim. */
  readonly giveUp: (claimId: string) => Promise<void>;
};

export type LogFields = Readonly<Record<string, string | number | undefined>>;

export type Log = {
  /** A log whose every line carries these fields too. */
  readonly with: (fields: LogFields) => Log;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, error: unknown) => void;
};

export type ProcessedMeasures = {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly transformMs: number;
};

export type ImageMetrics = {
  readonly imageProcessed: (measures: ProcessedMeasures) => void;
  readonly imageFailed: (reasonCode: PermanentCode) => void;
  readonly imageDeleted: () => void;
};

export type Trace = {
  /** Runs one stage of the pipeline as a span of the trace, if there is one. */
  readonly stage: <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;
};

/** SHA-256 of bytes, in hexadecimal. */
export type Digest = (bytes: Uint8Array) => string;

export type Clock = { readonly now: () => Date };

export type Ports = {
  readonly source: SourceReader;
  readonly watermarks: WatermarkReader;
  readonly renditions: RenditionWriter;
  readonly imaging: Imaging;
  readonly library: AssetLibrary;
  readonly notifier: Notifier;
  /** There when people are told by digests. */
  readonly ledger?: Ledger | undefined;
  readonly log: Log;
  readonly metrics: ImageMetrics;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly madeWith: MadeWith;
};

export type RecordReader = {
  /**
   * The record of an original as it is now; `undefined` when there is none.
   * @throws RECORD_FAILED (retryable)
   */
  readonly find: (key: string) => Promise<AssetRecord | undefined>;
};

export type MessageQueue = {
  /** @throws SEND_FAILED (retryable) */
  readonly send: (body: string) => Promise<void>;
};

/** What the function needs that has originals processed once more. */
export type ReprocessorPorts = {
  readonly records: RecordReader;
  readonly source: Pick<SourceReader, "current">;
  readonly queue: MessageQueue;
  readonly log: Log;
};
