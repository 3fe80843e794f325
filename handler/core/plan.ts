import { type EncoderOptions, encoderOptions } from "./encoder-options.ts";
import { PipelineError } from "./errors.ts";
import type { SourceFormat } from "./image-format.ts";
import { renditionKey } from "./object-key.ts";
import { borderWidth, type Operations, operationsOf } from "./operations.ts";
import type { Fit, Position, RenditionSpec } from "./rendition.ts";
import { formatFacts, type RenditionFormat } from "./rendition-format.ts";
import { type Variant, variantsOf } from "./rendition-variants.ts";

/** Pixels; both at least 1. */
export type Size = { readonly width: number; readonly height: number };

/** What an original is, told from its content. */
export type ImageInfo = Size & {
  readonly format: SourceFormat;
  /** Frames or pages; the first is what is processed. */
  readonly pages: number;
  /** At least one pixel is not opaque. */
  readonly hasAlpha: boolean;
};

export type ImageLimits = {
  /** Largest original, in bytes. */
  readonly maxBytes: number;
  /** Most pixels (width times height) of an original's frame, and of a rendition. */
  readonly maxPixels: number;
};

/** One file to write. */
export type RenditionPlan = EncoderOptions & {
  readonly key: string;
  readonly format: RenditionFormat;
};

/** One size of one spec applied to one image: scale it, then cut or pad it, then write it in every format. */
export type TransformPlan = {
  readonly name: string;
  /** The size that the image must be decoded to at least. */
  readonly source: Size;
  /** The image's size after scaling, before it is cut or padded. */
  readonly scaled: Size;
  /** Its size after that. */
  readonly framed: Size;
  /** `crop` when `framed` is smaller than `scaled`, `pad` when it is larger; a contain or cover can need neither. */
  readonly framing: "none" | "crop" | "pad";
  readonly position: Position;
  readonly operations: Operations;
  /** The size of the rendition: framed, with its border. */
  readonly size: Size;
  readonly renditions: readonly RenditionPlan[];
};

type Shrink = { readonly horizontal: number; readonly vertical: number };

/** sharp's `ResolveShrink` (src/common.cc, 0.35.5) before its limits: by how much each axis is divided. */
const wantedShrink = (
  image: Size,
  width: number | undefined,
  height: number | undefined,
  fit: Fit,
): Shrink => {
  const horizontal = width === undefined ? undefined : image.width / width;
  const vertical = height === undefined ? undefined : image.height / height;
  const alone = fit === "fill" ? 1 : undefined;
  if (horizontal === undefined || vertical === undefined) {
    const only = horizontal ?? vertical ?? 1;
    return { horizontal: horizontal ?? alone ?? only, vertical: vertical ?? alone ?? only };
  }
  switch (fit) {
    case "fill":
      return { horizontal, vertical };
    case "cover":
    case "outside": {
      const least = Math.min(horizontal, vertical);
      return { horizontal: least, vertical: least };
    }
    case "contain":
    case "inside": {
      const most = Math.max(horizontal, vertical);
      return { horizontal: most, vertical: most };
    }
    default:
      return fit satisfies never;
  }
};

/** Never below 1, so that nothing is enlarged; never so much that an axis would have no pixel left. */
const bounded = (shrink: number, length: number): number => Math.min(Math.max(1, shrink), length);

/** A spec with the box of one of its sizes. */
type Box = Pick<RenditionSpec, "fit"> & Pick<Variant, "width" | "height">;

const scaledSize = (image: Size, { width, height, fit }: Box): Size => {
  const { horizontal, vertical } = wantedShrink(image, width, height, fit);
  return {
    width: Math.round(image.width / bounded(horizontal, image.width)),
    height: Math.round(image.height / bounded(vertical, image.height)),
  };
};

const framedSize = (scaled: Size, { width, height, fit }: Box): Size => {
  const box = { width: width ?? scaled.width, height: height ?? scaled.height };
  switch (fit) {
    case "cover":
      return { width: Math.min(box.width, scaled.width), height: Math.min(box.height, scaled.height) };
    case "contain":
      return { width: Math.max(box.width, scaled.width), height: Math.max(box.height, scaled.height) };
    case "fill":
    case "inside":
    case "outside":
      return scaled;
    default:
      return fit satisfies never;
  }
};

const pixels = ({ width, height }: Size): number => width * height;

const shown = ({ width, height }: Size): string => `${width} x ${height} pixels`;

const count = (value: number): string => value.toLocaleString("en");

const refuseTooManyPixels = (image: Size, { maxPixels }: ImageLimits): void => {
  if (pixels(image) <= maxPixels) return;
  throw new PipelineError(
    "TOO_MANY_PIXELS",
    `The image has ${shown(image)} (${count(pixels(image))}); at most ${count(maxPixels)} are processed.`,
  );
};

const refuseTooLarge = (
  name: string,
  size: Size,
  format: RenditionFormat,
  { maxPixels }: ImageLimits,
): void => {
  const { maxSide } = formatFacts(format);
  if (Math.max(size.width, size.height) > maxSide) {
    throw new PipelineError(
      "RENDITION_TOO_LARGE",
      `The rendition ${name} would have ${shown(size)}; a side of ${format} has at most ${count(maxSide)}.`,
    );
  }
  if (pixels(size) > maxPixels) {
    throw new PipelineError(
      "RENDITION_TOO_LARGE",
      `The rendition ${name} would have ${shown(size)} (${count(pixels(size))}); at most ${count(maxPixels)} are made.`,
    );
  }
};

const resolvedFormats = (
  { formats }: RenditionSpec,
  hasTransparency: boolean,
): readonly RenditionFormat[] => {
  const automatic = hasTransparency ? "png" : "jpeg";
  return [...new Set(formats.map((format) => (format === "auto" ? automatic : format)))];
};

/** Whether a pixel of the rendition may be other than opaque, where its format allows it. */
const hasTransparency = (
  image: ImageInfo,
  { background, cornerRadius }: RenditionSpec,
  frame: TransformPlan["framing"],
): boolean => {
  if (cornerRadius !== undefined) return true;
  if (background === undefined) return image.hasAlpha;
  return background === "transparent" && (image.hasAlpha || frame === "pad");
};

const framing = (scaled: Size, size: Size): TransformPlan["framing"] => {
  if (size.width < scaled.width || size.height < scaled.height) return "crop";
  if (size.width > scaled.width || size.height > scaled.height) return "pad";
  return "none";
};

const planVariant = (
  image: ImageInfo,
  originalKey: string,
  spec: RenditionSpec,
  { name, density, width, height }: Variant,
  limits: ImageLimits,
): TransformPlan => {
  const box = { width, height, fit: spec.fit };
  const scaled = scaledSize(image, box);
  const framed = framedSize(scaled, box);
  const border = 2 * borderWidth(spec, density);
  const size = { width: framed.width + border, height: framed.height + border };
  const frame = framing(scaled, framed);
  return {
    name,
    // A kernel of the user's own must see every pixel: what is decoded smaller was weighed by another.
    source: spec.kernel === undefined ? scaled : { width: image.width, height: image.height },
    scaled,
    framed,
    framing: frame,
    position: spec.position ?? "centre",
    operations: operationsOf(spec, size, density),
    size,
    renditions: resolvedFormats(spec, hasTransparency(image, spec, frame)).map((format) => {
      refuseTooLarge(name, size, format, limits);
      return { key: renditionKey(originalKey, name, format), format, ...encoderOptions(spec, format) };
    }),
  };
};

/**
 * Plans what to make of one original: sizes exactly as sharp gives them with `withoutEnlargement`, formats with
 * `auto` resolved, keys in the destination bucket.
 * @throws PipelineError TOO_MANY_PIXELS, RENDITION_TOO_LARGE or KEY_TOO_LONG
 */
export const planTransforms = (
  image: ImageInfo,
  originalKey: string,
  specs: readonly RenditionSpec[],
  limits: ImageLimits,
): readonly TransformPlan[] => {
  refuseTooManyPixels(image, limits);
  return specs.flatMap((spec) =>
    variantsOf(spec).map((variant) => planVariant(image, originalKey, spec, variant, limits)),
  );
};

/** The least size that every plan can be scaled down from: the original needs to be decoded to no more. */
export const decodedSize = (plans: readonly TransformPlan[]): Size => ({
  width: Math.max(1, ...plans.map(({ source }) => source.width)),
  height: Math.max(1, ...plans.map(({ source }) => source.height)),
});
