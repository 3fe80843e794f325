import { PipelineError } from "../errors.ts";
import type { ImageHeader } from "./header/header.ts";
import { imageHeader } from "./header/image-header.ts";
import { jpegsInHeic } from "./heic-preview.ts";
import { knownFormat, SOURCE_FORMAT_FACTS, type SourceFormat, sourceFormat } from "./image-format.ts";
import type { ImageInfo } from "./image-info.ts";
import { type ImageLimits, refuseTooManyPixels } from "./limits.ts";

/** What an original may be, besides the formats that are always processed. */
export type AcceptedInput = {
  /** SVG drawings are rasterised, without anything that they refer to; otherwise they are refused. */
  readonly allowsSvg: boolean;
  /** Pixels that the longer side of the JPEG within a HEIC must have to stand for it. */
  readonly heicPreviewSide: number;
};

export const DEFAULT_INPUT: AcceptedInput = { allowsSvg: false, heicPreviewSide: 1000 };

/** What the decoder gets of a file. */
export type Picture = {
  readonly format: SourceFormat;
  /** The file, or the JPEG in it that stands for it. */
  readonly bytes: Uint8Array;
  readonly isPreview: boolean;
  /** Of these bytes. */
  readonly header: ImageHeader | undefined;
};

const longerSide = (header: ImageHeader | undefined): number =>
  header === undefined || header.unsupported !== undefined ? 0 : Math.max(header.width, header.height);

const previewOf = (bytes: Uint8Array, leastSide: number): Picture => {
  const jpegs = jpegsInHeic(bytes).map((jpeg) => ({ jpeg, header: imageHeader(jpeg, "jpeg") }));
  const [largest] = jpegs.toSorted((a, b) => longerSide(b.header) - longerSide(a.header));
  if (largest !== undefined && longerSide(largest.header) >= leastSide) {
    return { format: "heic", bytes: largest.jpeg, isPreview: true, header: largest.header };
  }
  const found =
    largest === undefined
      ? "and there is no JPEG preview in it"
      : `and the longer side of its JPEG preview has ${longerSide(largest.header)} pixels; at least ${leastSide} are used`;
  throw new PipelineError(
    "HEIC_NOT_DECODED",
    `The file's content is a HEIC image, whose codec, HEVC, is patented and not in this build, ${found}.`,
  );
};

/**
 * Finds the picture in a file, and refuses what the decoder has no code for.
 * @throws PipelineError UNSUPPORTED_FORMAT, HEIC_NOT_DECODED or SVG_NOT_ALLOWED
 */
export const pictureIn = (bytes: Uint8Array, { allowsSvg, heicPreviewSide }: AcceptedInput): Picture => {
  const format = sourceFormat(bytes);
  if (format === "svg" && !allowsSvg) {
    throw new PipelineError(
      "SVG_NOT_ALLOWED",
      "The file's content is an SVG drawing, which is a program more than a picture; this pipeline is not set to draw it.",
    );
  }
  if (format === "heic") return previewOf(bytes, heicPreviewSide);
  const header = imageHeader(bytes, format);
  if (header?.unsupported !== undefined) {
    throw new PipelineError(
      "UNSUPPORTED_FORMAT",
      `The file's content is ${header.unsupported}, which is not decoded here; expected a common ${SOURCE_FORMAT_FACTS[format].name}.`,
    );
  }
  return { format, bytes, isPreview: false, header };
};

/** What the first bytes of a file tell of the image; `undefined` when they are of no known format or do not reach. */
export const imageByFirstBytes = (bytes: Uint8Array): ImageInfo | undefined => {
  const format = knownFormat(bytes);
  const header = format === undefined ? undefined : imageHeader(bytes, format);
  if (format === undefined || header === undefined || header.unsupported !== undefined) return undefined;
  const { width, height, frames = 1 } = header;
  return { format, width, height, pages: frames, hasAlpha: false };
};

/**
 * Judges a file by its first bytes, so that the rest of one that will be refused need not be read.
 * @throws PipelineError as `pictureIn` does, or TOO_MANY_PIXELS
 */
export const refuseByFirstBytes = (
  bytes: Uint8Array,
  input: AcceptedInput,
  limits: Pick<ImageLimits, "maxPixels">,
): void => {
  // Where the JPEG within a HEIC lies, only the whole file tells.
  if (sourceFormat(bytes) === "heic") return;
  const { header } = pictureIn(bytes, input);
  if (header !== undefined) refuseTooManyPixels(header, 1, limits);
};
