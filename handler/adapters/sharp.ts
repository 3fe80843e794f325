import sharp, { type Sharp } from "sharp";
import { PipelineError } from "../core/errors.ts";
import { type SourceFormat, sourceFormat } from "../core/image-format.ts";
import { decodedSize, type RenditionPlan, type Size, type TransformPlan } from "../core/plan.ts";
import type { Imaging } from "../ports.ts";

/** libvips' loaders of the formats that are processed. No other one is ever reachable, whatever a file contains. */
const LOADERS = [
  "VipsForeignLoadJpegBuffer",
  "VipsForeignLoadPngBuffer",
  "VipsForeignLoadWebpBuffer",
  "VipsForeignLoadNsgifBuffer",
  "VipsForeignLoadHeifBuffer",
  "VipsForeignLoadTiffBuffer",
];

const WHITE = { r: 255, g: 255, b: 255 };
const OPAQUE = 255;

/** Uncompressed pixels, 8 bits a channel, sRGB: 3 channels, or 4 with alpha that is not premultiplied. */
type Pixels = { readonly data: Uint8Array; readonly size: Size; readonly channels: 1 | 2 | 3 | 4 };

const pixelsOf = async (pipeline: Sharp): Promise<Pixels> => {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { data, size: { width: info.width, height: info.height }, channels: info.channels };
};

/** `limitInputPixels` is off since these pixels were counted before they were decoded. */
const fromPixels = ({ data, size, channels }: Pixels): Sharp =>
  sharp(data, { raw: { ...size, channels }, limitInputPixels: false });

const hasAlpha = ({ channels }: Pixels): boolean => channels === 2 || channels === 4;

/** The last channel holds nothing but 255. A loop over bytes: a 50-megapixel image has 50 million. */
const isOpaque = ({ data, channels }: Pixels): boolean => {
  for (let index = channels - 1; index < data.length; index += channels) {
    if (data[index] !== OPAQUE) return false;
  }
  return true;
};

const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

const corrupt = (format: SourceFormat, cause: unknown): PipelineError =>
  new PipelineError(
    "CORRUPT_IMAGE",
    `The file begins as ${format.toUpperCase()} but cannot be decoded: it is damaged or incomplete.`,
    { cause },
  );

/** Whatever libvips refuses in a file of a known format, it refuses each time. */
const decoding = async <Result>(bytes: Uint8Array, decode: () => Promise<Result>): Promise<Result> => {
  const format = sourceFormat(bytes);
  try {
    return await decode();
  } catch (cause) {
    throw corrupt(format, cause);
  }
};

const transforming = async <Result>(name: string, transform: () => Promise<Result>): Promise<Result> => {
  try {
    return await transform();
  } catch (cause) {
    throw new PipelineError("TRANSFORM_FAILED", `The rendition ${name} could not be made.`, { cause });
  }
};

/** Scales, then cuts or pads. Dimensions come from the plan alone, so nothing is rounded twice. */
const framed = async (image: Pixels, { scaled, size, framing, position }: TransformPlan): Promise<Pixels> => {
  const scaledImage = isSameSize(image.size, scaled)
    ? image
    : await pixelsOf(fromPixels(image).resize({ ...scaled, fit: "fill" }));
  switch (framing) {
    case "none":
      return scaledImage;
    case "crop":
      return pixelsOf(fromPixels(scaledImage).resize({ ...size, fit: "cover", position }));
    case "pad":
      return pixelsOf(
        fromPixels(scaledImage).resize({
          ...size,
          fit: "contain",
          position,
          withoutEnlargement: true,
          background: { ...WHITE, alpha: hasAlpha(scaledImage) ? 0 : 1 },
        }),
      );
    default:
      return framing satisfies never;
  }
};

/**
 * Chosen by measurement: one x86-64 core, sharp 0.35.5, a photo of 1600 x 1067 pixels, default quality.
 * - jpeg: progressive, 41 ms and 248 KiB. mozjpeg's trellis saves 6 % more and takes 180 to 250 ms; beside a webp of
 *   183 KiB the jpeg is the fallback, and not worth it.
 * - webp: the default effort of 4, 190 to 250 ms; 2 halves the time and adds 7 % to every download.
 * - avif: effort 3, 1.3 s and 125 KiB; the default of 4 takes 6.3 s for 123 KiB.
 * - gif: effort 1; the default of 7 takes ten times as long for 14 % less.
 * - png: adaptive filters, which take 47 % off a photo and add 21 % to a drawing.
 */
const encoded = (image: Pixels, { format, quality }: RenditionPlan): Sharp => {
  const pipeline = fromPixels(image);
  switch (format) {
    case "webp":
      return pipeline.webp({ quality });
    case "jpeg":
      return pipeline.flatten({ background: WHITE }).jpeg({ quality, progressive: true });
    case "png":
      return pipeline.png({ adaptiveFiltering: true });
    case "avif":
      return pipeline.avif({ quality, effort: 3 });
    case "gif":
      return pipeline.gif({ effort: 1 });
    case "tiff":
      return pipeline.tiff({ compression: "deflate", predictor: "horizontal" });
    default:
      return format satisfies never;
  }
};

export type ImagingOptions = {
  /** Most pixels (width times height) that are decoded. */
  readonly maxPixels: number;
  /** Threads that libvips uses for one image; more than the function has vCPUs only adds memory. */
  readonly threads: number;
};

/** Imaging with sharp. It sets sharp up for the whole process. */
export const sharpImaging = ({ maxPixels, threads }: ImagingOptions): Imaging => {
  // Nothing is ever decoded twice, so a cache of operations would only hold memory between invocations.
  sharp.cache(false);
  sharp.concurrency(threads);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: LOADERS });

  const open = (bytes: Uint8Array): Sharp =>
    sharp(bytes, { autoOrient: true, failOn: "error", limitInputPixels: maxPixels });

  // Screenshots often carry an alpha channel that hides nothing. As an image without transparency they become a
  // jpeg, not a png many times its size.
  const hasTransparency = async (bytes: Uint8Array): Promise<boolean> =>
    !isOpaque(await pixelsOf(open(bytes).extractChannel("alpha")));

  /**
   * Decodes once, to the largest size that a plan needs; smaller renditions are scaled from these pixels. Their
   * distance from a rendition scaled from the full image is that of one that sharp decodes on its own, 48 to 53 dB
   * PSNR both (tests/handler/adapters/sharp.test.ts).
   */
  const decoded = async (bytes: Uint8Array, size: Size): Promise<Pixels> => {
    const { depth, hasProfile } = await open(bytes).metadata();
    const scaled = open(bytes).resize({ ...size, fit: "fill" });
    // Of 16-bit images with a profile, libvips converts to Display P3 first; without a profile to go to, it stays there.
    const isWide = hasProfile && depth === "ushort";
    const image = await pixelsOf(isWide ? scaled.withIccProfile("srgb") : scaled);
    return hasAlpha(image) && isOpaque(image) ? pixelsOf(fromPixels(image).removeAlpha()) : image;
  };

  return {
    inspect: (bytes) =>
      decoding(bytes, async () => {
        // The header alone is read, and the plan judges what it says, so the limit is off here.
        const header = await sharp(bytes, { failOn: "error", limitInputPixels: false }).metadata();
        const { width, height } = header.autoOrient;
        const isWithinLimit = width * height <= maxPixels;
        return {
          format: sourceFormat(bytes),
          width,
          height,
          pages: header.pages ?? 1,
          hasAlpha: header.hasAlpha && isWithinLimit && (await hasTransparency(bytes)),
        };
      }),

    transform: async (bytes, plans) => {
      const image = await decoding(bytes, () => decoded(bytes, decodedSize(plans)));
      const files = [];
      // One spec after the other, so that the pixels of no more than one lie beside those of the image.
      for (const plan of plans) {
        const { name, size, renditions } = plan;
        const pixels = await transforming(name, () => framed(image, plan));
        const encode = async (rendition: RenditionPlan) => ({
          name,
          key: rendition.key,
          format: rendition.format,
          ...size,
          bytes: await transforming(name, () => encoded(pixels, rendition).toBuffer()),
        });
        files.push(...(await Promise.all(renditions.map(encode))));
      }
      return files;
    },
  };
};
