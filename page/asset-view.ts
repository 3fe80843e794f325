import type { AssetRecord } from "../handler/core/record/record.ts";
import type { AssetView } from "./model.ts";

/** What the page shows of a record. */
export const assetView = (record: AssetRecord): AssetView => ({
  key: record.ImageKey,
  state: record.State,
  uploadTime: record.UploadTime,
  processedAt: record.ProcessedAt,
  notifiedAt: record.NotifiedAt,
  durationMs: record.DurationMs,
  attempts: record.Attempts,
  sizeBytes: record.SizeBytes,
  versionId: record.VersionId,
  format: record.Format,
  width: record.Width,
  height: record.Height,
  pages: record.Pages,
  hasAlpha: record.HasAlpha,
  reasonCode: record.ReasonCode,
  reason: record.Reason,
  lastErrorCode: record.LastErrorCode,
  lastError: record.LastError,
  dominantColour: record.DominantColour,
  placeholder: record.Placeholder,
  thumbHash: record.ThumbHash,
  madeWith: record.MadeWith && {
    code: record.MadeWith.Code,
    sharp: record.MadeWith.Sharp,
    libvips: record.MadeWith.Libvips,
  },
  renditions: (record.Renditions ?? []).map((rendition) => ({
    name: rendition.Name,
    key: rendition.Key,
    format: rendition.Format,
    width: rendition.Width,
    height: rendition.Height,
    sizeBytes: rendition.SizeBytes,
    sha256: rendition.Sha256,
  })),
});
