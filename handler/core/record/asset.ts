import type { PermanentCode, PipelineError } from "../errors.ts";
import type { Removal, Upload } from "../events/s3-event.ts";
import type { OnDelete } from "../settings/settings.ts";
import type { Appearance } from "../source/appearance.ts";
import type { ImageInfo } from "../source/image-info.ts";
import type { RenditionFormat } from "../spec/format.ts";
import type { FailedTry } from "./failed-try.ts";
import { formatIndexAttributes, keyIndexAttributes, stateAttributes } from "./index.ts";
import { type ObjectTags, tagAttributes } from "./object-tags.ts";
import type { MadeWith } from "./provenance.ts";

/** A rendition that is in the destination bucket. */
export type StoredRendition = {
  readonly name: string;
  readonly key: string;
  readonly format: RenditionFormat;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
};

type Outcome = {
  readonly upload: Upload;
  readonly processedAt: Date;
  readonly durationMs: number;
  /** Tells the rendition specs that were for the original from what they are at another time. */
  readonly specsFingerprint: string;
  readonly madeWith: MadeWith;
  /** What the upload claimed to be and is not; see `falseClaims`. */
  readonly falseClaims?: readonly string[] | undefined;
  /** The original's object tags, of every name that is recorded. @default none is */
  readonly tags?: ObjectTags | undefined;
};

export type ProcessedAsset = Outcome & {
  readonly state: "PROCESSED";
  readonly image: ImageInfo;
  readonly appearance: Appearance;
  readonly renditions: readonly StoredRendition[];
  /** How long decoding, scaling and encoding took. */
  readonly transformMs: number;
  /** SHA-256 of the original, in hexadecimal. */
  readonly sha256: string;
};

export type FailedAsset = Outcome & {
  readonly state: "FAILED";
  readonly reason: PipelineError<PermanentCode>;
  /** Known when the image was refused after it was inspected. */
  readonly image: ImageInfo | undefined;
};

/** What became of one upload. */
export type Asset = ProcessedAsset | FailedAsset;

/** Attributes of an asset record, but for its key; `undefined` means that the record has none of that name. */
export type AssetAttributes = Readonly<Record<string, unknown>>;

const imageAttributes = (image: ImageInfo | undefined): AssetAttributes => ({
  Format: image?.format,
  Width: image?.width,
  Height: image?.height,
  Pages: image?.pages,
  HasAlpha: image?.hasAlpha,
  IsPreview: image?.isPreview,
  Camera: image?.capture?.camera,
  TakenAt: image?.capture?.takenAt,
  Position:
    image?.capture?.position === undefined
      ? undefined
      : { Latitude: image.capture.position.latitude, Longitude: image.capture.position.longitude },
});

const appearanceAttributes = (appearance: Appearance | undefined): AssetAttributes => ({
  DominantColour: appearance?.dominantColour,
  Placeholder: appearance?.placeholder,
  ThumbHash: appearance?.thumbHash,
});

const NO_FAILED_TRY: AssetAttributes = {
  LastErrorCode: undefined,
  LastError: undefined,
  LastTriedAt: undefined,
  GivenUpAt: undefined,
};

const NO_OUTCOME: AssetAttributes = {
  ProcessedAt: undefined,
  DurationMs: undefined,
  ReasonCode: undefined,
  Reason: undefined,
  Renditions: undefined,
  NotifiedAt: undefined,
  SpecsFingerprint: undefined,
  MadeWith: undefined,
  FalseClaims: undefined,
  Tags: undefined,
  FormatShard: undefined,
  Sha256: undefined,
  DeletedAt: undefined,
  RestoredAt: undefined,
  ...imageAttributes(undefined),
  ...appearanceAttributes(undefined),
  ...NO_FAILED_TRY,
};

/** A record that an upload begins, but for its attempts; nothing of an earlier upload stays in it. */
export const receivedAttributes = (upload: Upload, destinationBucket: string): AssetAttributes => ({
  ...NO_OUTCOME,
  ...stateAttributes(upload.key, "RECEIVED"),
  ...keyIndexAttributes(upload.key),
  SourceBucket: upload.bucket,
  DestinationBucket: destinationBucket,
  UploadTime: upload.uploadTime,
  Sequencer: upload.sequencer,
  VersionId: upload.versionId,
  ETag: upload.eTag,
  SizeBytes: upload.sizeBytes,
  RestoredAt: upload.restoredAt,
});

/** What is left of a record whose order begins anew, until it is known what lies under its key. */
export const resetAttributes = (key: string, sequencer: string): AssetAttributes => ({
  ...NO_OUTCOME,
  ...stateAttributes(key, "RECEIVED"),
  Sequencer: sequencer,
});

/** What the outcome of an upload writes into its record. */
export const outcomeAttributes = (asset: Asset): AssetAttributes => ({
  ...stateAttributes(asset.upload.key, asset.state),
  ...formatIndexAttributes(asset.upload.key, asset.image?.format),
  ProcessedAt: asset.processedAt.toISOString(),
  DurationMs: asset.durationMs,
  SpecsFingerprint: asset.specsFingerprint,
  MadeWith: {
    Code: asset.madeWith.code,
    Sharp: asset.madeWith.sharp,
    Libvips: asset.madeWith.libvips,
  },
  FalseClaims: asset.falseClaims?.length === 0 ? undefined : asset.falseClaims,
  ...tagAttributes(asset.upload.key, asset.tags ?? {}),
  ...imageAttributes(asset.image),
  ...(asset.state === "FAILED"
    ? {
        ReasonCode: asset.reason.code,
        Reason: asset.reason.message,
        Renditions: undefined,
        Sha256: undefined,
      }
    : {
        Sha256: asset.sha256,
        ReasonCode: undefined,
        Reason: undefined,
        Renditions: asset.renditions.map((rendition) => ({
          Name: rendition.name,
          Key: rendition.key,
          Format: rendition.format,
          Width: rendition.width,
          Height: rendition.height,
          SizeBytes: rendition.sizeBytes,
          Sha256: rendition.sha256,
        })),
      }),
  ...appearanceAttributes(asset.state === "FAILED" ? undefined : asset.appearance),
  ...NO_FAILED_TRY,
});

/** What a record that has no outcome says of the last try. */
export const failedTryAttributes = (
  key: string,
  { code, sentence }: FailedTry,
  triedAt: Date,
): AssetAttributes => ({
  ...stateAttributes(key, "RECEIVED"),
  LastErrorCode: code,
  LastError: sentence,
  LastTriedAt: triedAt.toISOString(),
});

/**
 * What a removal writes into a record, which stays: its sequencer keeps earlier events, late as they may come, from
 * bringing the asset back. What is told of renditions and their looks goes with them.
 */
export const removedAttributes = (
  { bucket, key, sequencer, removedAt }: Removal,
  destinationBucket: string,
  onDelete: OnDelete,
): AssetAttributes => ({
  ...(onDelete === "remove" ? NO_OUTCOME : { NotifiedAt: undefined, ...NO_FAILED_TRY }),
  ...stateAttributes(key, "DELETED"),
  ...keyIndexAttributes(key),
  SourceBucket: bucket,
  DestinationBucket: destinationBucket,
  Sequencer: sequencer,
  DeletedAt: removedAt,
});
