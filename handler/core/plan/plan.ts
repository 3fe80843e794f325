import { PipelineError } from "../errors.ts";
import type { Content, Corner, Size } from "../geometry.ts";
import type { ImageInfo } from "../source/image-info.ts";
import { type ImageLimits, refuseTooManyPixels } from "../source/limits.ts";
import { framesOf } from "../spec/animation.ts";
import { cacheControlOf } from "../spec/caching.ts";
import { type Rgb, rgb } from "../spec/colour.ts";
import { type EncoderOptions, encoderOptions } from "../spec/encoder.ts";
import { formatFacts, type RenditionFormat } from "../spec/format.ts";
import { type Frame, frameOf, isOnItsSide, swapped } from "../spec/frame.ts";
import { borderWidth, stepsOf } from "../spec/operations.ts";
import type { Step } from "../spec/pixel-steps.ts";
import { hashedKey, KEY_HASH_LENGTH, renditionKey } from "../spec/rendition-key.ts";
import type { RenditionSpec } from "../spec/rendition-spec.ts";
import { type Variant, variantsOf } from "../spec/sizes.ts";
import { contentFor } from "../spec/trim.ts";
import { refuseTooMuchMemory, workBytes } from "./memory-budget.ts";

export type { Size } from "../geometry.ts";

/** One file to write. */
export type RenditionPlan = EncoderOptions & {
  /** Without the hash of its content, which is not known yet. */
  readonly key: string;
  readonly hasHashedKey?: true;
  readonly format: RenditionFormat;
  readonly cacheControl: string;
};

/** What a contain is padded with, and a format without transparency shows in its place. */
export type Background = Rgb | "transparent" | "blurred";

/** One size of one spec applied to one image: frame it, change its pixels step by step, write it in every format. */
export type TransformPlan = Frame & {
  readonly name: string;
  /** The size that the image must be decoded to at least. */
  readonly source: Size;
  /** The part of the decoded image that is taken; all when absent. */
  readonly content?: Corner & Size;
  /** Frames of an animation, 2 or more, each of which is made into one of the rendition; absent for a still image. */
  readonly frames?: number;
  /** In the original's colour profile, where it has one, instead of sRGB. */
  readonly keepsProfile?: true;
  /** @default white or, with transparency, transparent */
  readonly background?: Background;
  readonly steps: readonly Step[];
  /** The size of the rendition: framed, with its border. */
  readonly size: Size;
  readonly renditions: readonly RenditionPlan[];
};

const pixels = ({ width, height }: Size): number => width * height;

const shown = ({ width, height }: Size): string => `${width} x ${height} pixels`;

const count = (value: number): string => value.toLocaleString("en");

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
  isMoving: boolean,
): readonly RenditionFormat[] => {
  const still = hasTransparency ? "png" : "jpeg";
  const automatic = isMoving ? "gif" : still;
  return [...new Set(formats.map((format) => (format === "auto" ? automatic : format)))];
};

/** Whether a pixel of the rendition may be other than opaque, where its format allows it. */
const hasTransparency = (
  image: ImageInfo,
  { background, cornerRadius }: RenditionSpec,
  framing: Frame["framing"],
): boolean => {
  if (cornerRadius !== undefined) return true;
  if (background === undefined || background === "blurred") return image.hasAlpha;
  return background === "transparent" && (image.hasAlpha || framing === "pad");
};

const backgroundOf = ({ background }: RenditionSpec): Background | undefined => {
  if (background === undefined || background === "transparent" || background === "blurred") return background;
  return rgb(background);
};

const partOf = ({ left, top, width, height }: Content): Corner & Size => ({ left, top, width, height });

/** A kernel of the user's own must see every pixel: what is decoded smaller was weighed by another. */
const sourceSize = ({ width, height }: Size, { kernel, turn, scaled }: Frame): Size => {
  if (kernel !== undefined) return { width, height };
  return isOnItsSide(turn) ? swapped(scaled) : scaled;
};

const keyOf = (
  originalKey: string,
  name: string,
  format: RenditionFormat,
  { hashedKeys }: RenditionSpec,
): Pick<RenditionPlan, "key" | "hasHashedKey"> => {
  const key = renditionKey(originalKey, name, format);
  if (hashedKeys !== true) return { key };
  // Refuses now what would be too long with any hash.
  hashedKey(key, "0".repeat(KEY_HASH_LENGTH));
  return { key, hasHashedKey: true };
};

/** Which pixels a format is written of: a moving one's, those in the original's profile, or any other's. */
const kindOf = (
  format: RenditionFormat,
  { keepProfile }: RenditionSpec,
  frames: number,
): Pick<TransformPlan, "frames" | "keepsProfile"> => {
  const { hasAnimation, hasProfile } = formatFacts(format);
  if (frames > 1 && hasAnimation) return { frames };
  return keepProfile === true && hasProfile ? { keepsProfile: true } : {};
};

/** One plan for the formats that are written of the same pixels: seldom more than one, never more than three. */
const planVariant = (
  image: ImageInfo,
  originalKey: string,
  spec: RenditionSpec,
  { name, density, width, height }: Variant,
  limits: ImageLimits,
): readonly TransformPlan[] => {
  const content = contentFor(spec, image);
  const frame = frameOf(content ?? image, { ...spec, width, height });
  const border = 2 * borderWidth(spec.border, density);
  const size = { width: frame.framed.width + border, height: frame.framed.height + border };
  const source =
    content === undefined ? sourceSize(image, frame) : { width: image.width, height: image.height };
  const frames = spec.animated === true ? framesOf(image, source, limits.maxPixels) : 1;
  const background = backgroundOf(spec);
  const formats = resolvedFormats(spec, hasTransparency(image, spec, frame.framing), frames > 1);
  const planOf = (chosen: readonly RenditionFormat[]): TransformPlan => ({
    name,
    source,
    ...(content === undefined ? {} : { content: partOf(content) }),
    ...frame,
    ...(background === undefined ? {} : { background }),
    steps: stepsOf(spec, { size, framed: frame.framed, density }),
    size,
    renditions: chosen.map((format) => {
      refuseTooLarge(name, size, format, limits);
      return {
        ...keyOf(originalKey, name, format, spec),
        format,
        cacheControl: cacheControlOf(spec),
        ...encoderOptions(spec, format),
      };
    }),
  });
  const kinds = Map.groupBy(formats, (format) => JSON.stringify(kindOf(format, spec, frames)));
  return [...kinds.values()].map((alike) => {
    const [first] = alike;
    return { ...planOf(alike), ...(first === undefined ? {} : kindOf(first, spec, frames)) };
  });
};

/**
 * Plans what to make of one original: sizes exactly as sharp gives them with `withoutEnlargement`, formats with
 * `auto` resolved, keys in the destination bucket.
 * @throws PipelineError TOO_MANY_PIXELS, TOO_MUCH_MEMORY, RENDITION_TOO_LARGE or KEY_TOO_LONG
 */
export const planTransforms = (
  image: ImageInfo,
  originalKey: string,
  specs: readonly RenditionSpec[],
  limits: ImageLimits,
): readonly TransformPlan[] => {
  refuseTooManyPixels(image, 1, limits);
  const plans = specs.flatMap((spec) =>
    variantsOf(spec).flatMap((variant) => planVariant(image, originalKey, spec, variant, limits)),
  );
  refuseTooMuchMemory(workBytes(image.decodeBytes ?? 0, decodedSize(plans), plans, limits.lanes), limits);
  return plans;
};

/** The least size that every plan can be scaled down from: the original needs to be decoded to no more. */
export const decodedSize = (plans: readonly TransformPlan[]): Size => ({
  width: Math.max(1, ...plans.map(({ source }) => source.width)),
  height: Math.max(1, ...plans.map(({ source }) => source.height)),
});
