import type { Appearance, Asset } from "./core/asset.ts";
import type { PermanentCode } from "./core/errors.ts";
import type { Manifest } from "./core/manifest.ts";
import type { Notice } from "./core/notice.ts";
import type { ImageInfo, TransformPlan } from "./core/plan.ts";
import type { RenditionFormat } from "./core/rendition-format.ts";
import type { Upload } from "./core/upload-event.ts";

/** Every method that works for the pipeline fails with a `PipelineError` and nothing else. */
export type SourceReader = {
  /**
   * Reads exactly the version of the object that the upload brought.
   * @param judge is shown the first bytes, 64 KiB or all; when it throws, the rest is not read
   * @throws SOURCE_MISSING, SOURCE_REPLACED, SOURCE_ARCHIVED, EMPTY_OBJECT; TOO_MANY_BYTES before a byte of the
   * body is read; READ_FAILED (retryable)
   */
  readonly read: (upload: Upload, maxBytes: number, judge: (arrival: Arrival) => void) => Promise<Uint8Array>;
};

/** What is known of an original once its first bytes are there. */
export type Arrival = {
  readonly firstBytes: Uint8Array;
  /** As the uploader declared it. */
  readonly contentType: string | undefined;
};

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

export type RenditionWriter = {
  /**
   * Stores a rendition under its key, over what may be there.
   * @throws STORE_FAILED (retryable)
   */
  readonly write: (file: RenditionFile, original: Upload) => Promise<void>;
  /**
   * Stores a manifest under a key, over what may be there.
   * @throws STORE_FAILED (retryable)
   */
  readonly writeManifest: (key: string, manifest: Manifest, original: Upload) => Promise<void>;
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
   * @throws UNSUPPORTED_FORMAT, HEIC_NOT_DECODED, SVG_NOT_ALLOWED, CORRUPT_IMAGE; DECODER_CRASHED, TOO_MUCH_TIME
   */
  readonly inspect: (bytes: Uint8Array) => Promise<ImageInfo>;
  /**
   * Makes every rendition planned, upright, in sRGB, without metadata, and tells how the image looks.
   * @param deliver takes each file as soon as it is made, in no order that could be told before; some files are made
   * only after it has ended for others
   * @param watermarks every image that a plan marks renditions with; none by default
   * @throws CORRUPT_IMAGE when the image can't be decoded, and WATERMARK_UNUSABLE (retryable) when a watermark can't,
   * before anything is delivered; DECODER_CRASHED, TOO_MUCH_TIME; TRANSFORM_FAILED (retryable); what deliver throws
   */
  readonly transform: (
    bytes: Uint8Array,
    plans: readonly TransformPlan[],
    deliver: (file: RenditionFile) => Promise<void>,
    watermarks?: Watermarks,
  ) => Promise<Appearance>;
};

/** `superseded`: the record belongs to an upload of the same key that came after. */
type Superseded = { readonly outcome: "superseded"; readonly by: Upload };

export type Receipt =
  | { readonly outcome: "accepted" }
  /** This upload's notice was already sent: there is nothing left to do. */
  | { readonly outcome: "duplicate" }
  | Superseded;

export type Recorded =
  | {
      readonly outcome: "recorded";
      /** The upload's notice was sent before. */
      readonly isNotified: boolean;
    }
  | Superseded;

/** One record a key. Every method fails with RECORD_FAILED (retryable). */
export type AssetLibrary = {
  /** Begins or resumes the record of an upload, unless it is done or a later upload has the record. */
  readonly receive: (upload: Upload) => Promise<Receipt>;
  /** Writes the outcome, unless a later upload has the record. */
  readonly record: (asset: Asset) => Promise<Recorded>;
  /** Remembers that the notice was sent, unless a later upload has the record. */
  readonly markNotified: (upload: Upload, at: Date) => Promise<void>;
};

export type Notifier = {
  /** @throws NOTIFY_FAILED (retryable) */
  readonly notify: (notice: Notice) => Promise<void>;
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
};

export type Trace = {
  /** Runs one stage of the pipeline as a span of the trace, if there is one. */
  readonly stage: <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;
};

export type Clock = { readonly now: () => Date };

export type Ports = {
  readonly source: SourceReader;
  readonly watermarks: WatermarkReader;
  readonly renditions: RenditionWriter;
  readonly imaging: Imaging;
  readonly library: AssetLibrary;
  readonly notifier: Notifier;
  readonly log: Log;
  readonly metrics: ImageMetrics;
  readonly trace: Trace;
  readonly clock: Clock;
};
