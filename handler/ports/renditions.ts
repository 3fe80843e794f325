import type { Upload } from "../core/events/s3-event.ts";
import type { IsLeftOver } from "../core/record/cleanup.ts";
import type { Manifest } from "../core/record/manifest.ts";
import type { RenditionFormat } from "../core/spec/format.ts";

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
