import type { TransformPlan } from "../core/plan/plan.ts";
import type { Appearance } from "../core/source/appearance.ts";
import type { ImageInfo } from "../core/source/image-info.ts";
import type { RenditionFile, Watermarks } from "./renditions.ts";

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
