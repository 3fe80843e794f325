import type { Content, Size } from "../geometry.ts";
import type { Capture } from "./exif.ts";
import type { SourceFormat } from "./image-format.ts";

/** What an original is, told from its content. */
export type ImageInfo = Size & {
  readonly format: SourceFormat;
  /** Frames or pages; the first is what is processed. */
  readonly pages: number;
  /** At least one pixel is not opaque. */
  readonly hasAlpha: boolean;
  /** What is left of it without edges, by the thresholds that specs trim with. */
  readonly contents?: readonly Content[] | undefined;
  /** The JPEG within a HEIC stands for it, in size too. */
  readonly isPreview?: boolean | undefined;
  readonly capture?: Capture | undefined;
  /** Bytes of memory that the file and its decoding take; see `decodeBytes`. */
  readonly decodeBytes?: number | undefined;
};
