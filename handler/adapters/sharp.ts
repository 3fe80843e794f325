import { createHash } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import { PipelineError } from "../core/errors.ts";
import { inLanes } from "../core/in-lanes.ts";
import { costliestFirst } from "../core/plan/encoding-order.ts";
import { decodeBytes } from "../core/plan/memory-budget.ts";
import { decodedSize, type Size, type TransformPlan } from "../core/plan/plan.ts";
import { madeFile } from "../core/plan/planned-file.ts";
import { captureOf, copyrightOf } from "../core/source/exif.ts";
import { SOURCE_FORMAT_FACTS, type SourceFormat } from "../core/source/image-format.ts";
import { type AcceptedInput, DEFAULT_INPUT, type Picture, pictureIn } from "../core/source/source-image.ts";
import type { Imaging } from "../ports/imaging.ts";
import { decodedAnimation, eachFrame } from "./sharp/animation.ts";
import { appearanceOf } from "./sharp/appearance.ts";
import { encoded } from "./sharp/encoding.ts";
import { framed } from "./sharp/framing.ts";
import { fromPixels, hasAlpha, isOpaque, type Pixels, pixelsOf } from "./sharp/pixels.ts";
import { decodedInProfile } from "./sharp/profile.ts";
import { isSrgbAlready, scaledPixels } from "./sharp/scaling.ts";
import { operated } from "./sharp/steps.ts";
import { contentsOf } from "./sharp/trimming.ts";
import { decodedMarks } from "./sharp/watermark.ts";

/** libvips' loaders of the formats that are processed. No other one is ever reachable, whatever a file contains. */
const LOADERS = [
  "VipsForeignLoadJpegBuffer",
  "VipsForeignLoadPngBuffer",
  "VipsForeignLoadWebpBuffer",
  "VipsForeignLoadNsgifBuffer",
  "VipsForeignLoadHeifBuffer",
  "VipsForeignLoadTiffBuffer",
];

const corrupt = (format: SourceFormat, cause: unknown): PipelineError =>
  new PipelineError(
    "CORRUPT_IMAGE",
    `The file begins as ${SOURCE_FORMAT_FACTS[format].name} but cannot be decoded: it is damaged or incomplete.`,
    { cause },
  );

/** Whatever libvips refuses in a file of a known format, it refuses each time. */
const decoding = async <Result>({ format }: Picture, decode: () => Promise<Result>): Promise<Result> => {
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
    if (cause instanceof PipelineError) throw cause;
    throw new PipelineError("TRANSFORM_FAILED", `The rendition ${name} could not be made.`, { cause });
  }
};

/** The same result for everyone who asks; the work begins when the first one does. */
const once = <Result>(work: () => Promise<Result>): (() => Promise<Result>) => {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A rendition's pixels before they are encoded, in sRGB unless a profile is named. */
type MadePixels = { readonly image: Pixels; readonly profile?: Uint8Array | undefined };

type Decoded = {
  readonly image: Pixels;
  /** The notice in the original's EXIF. */
  readonly copyright: string | undefined;
};

export type ImagingOptions = {
  /** Most pixels (width times height) that are decoded. */
  readonly maxPixels: number;
  /** Threads that libvips uses for one image, and files that are encoded at once; more than vCPUs only add memory. */
  readonly threads: number;
  /** @default neither SVG nor small previews */
  readonly input?: AcceptedInput;
  /** Whether to tell where a photo was taken. @default false */
  readonly keepsPosition?: boolean;
};

/** Loaded when the settings allow it. */
const SVG_LOADER = "VipsForeignLoadSvgBuffer";

/** Pixels of the longer side of a drawing, which has no size in pixels of its own. */
const SVG_SIDE = 2048;

/** Pixels an inch at which libvips draws one user unit of an SVG as one pixel, and what sharp takes at most. */
const SVG_DENSITY = 72;
const DENSITIES = { least: 1, most: 100_000 } as const;

/** The density at which a drawing gets the size that it is to have. */
const svgDensity = async (bytes: Uint8Array): Promise<number> => {
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  const density = (SVG_DENSITY * SVG_SIDE) / Math.max(width, height);
  return Math.min(Math.max(density, DENSITIES.least), DENSITIES.most);
};

/** Imaging with sharp. It sets sharp up for the whole process. */
export const sharpImaging = ({
  maxPixels,
  threads,
  input = DEFAULT_INPUT,
  keepsPosition = false,
}: ImagingOptions): Imaging => {
  // Nothing is ever decoded twice, so a cache of operations would only hold memory between invocations.
  sharp.cache(false);
  sharp.concurrency(threads);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: input.allowsSvg ? [...LOADERS, SVG_LOADER] : LOADERS });

  const open = async (
    { format, bytes }: Picture,
    limit: number | false = maxPixels,
    ignoreIcc = false,
  ): Promise<Sharp> =>
    sharp(bytes, {
      autoOrient: true,
      ignoreIcc,
      failOn: "error",
      limitInputPixels: limit,
      ...(format === "svg" ? { density: await svgDensity(bytes) } : {}),
    });

  // Screenshots often carry an alpha channel that hides nothing. As an image without transparency they become a
  // jpeg, not a png many times its size.
  const hasTransparency = async (picture: Picture): Promise<boolean> =>
    !isOpaque(await pixelsOf((await open(picture)).extractChannel("alpha")));

  /**
   * Decodes once, to the largest size that a plan needs; smaller renditions are scaled from these pixels. Their
   * distance from a rendition scaled from the full image is that of one that sharp decodes on its own, 48 to 53 dB
   * PSNR both (tests/handler/adapters/sharp.test.ts).
   */
  const decoded = async (picture: Picture, size: Size): Promise<Decoded> => {
    const header = await (await open(picture)).metadata();
    const isSrgb = isSrgbAlready(header);
    const image = await scaledPixels(await open(picture, maxPixels, isSrgb), header, size, isSrgb);
    return {
      image: hasAlpha(image) && isOpaque(image) ? await pixelsOf(fromPixels(image).removeAlpha()) : image,
      copyright: header.exif === undefined ? undefined : copyrightOf(header.exif),
    };
  };

  return {
    inspect: async (bytes, trims = []) => {
      const picture = pictureIn(bytes, input);
      return decoding(picture, async () => {
        // The header alone is read, and the plan judges what it says, so the limit is off here.
        const header = await (await open(picture, false)).metadata();
        const { width, height } = header.autoOrient;
        const isWithinLimit = width * height <= maxPixels;
        const exif = picture.format === "tiff" ? bytes : header.exif;
        return {
          format: picture.format,
          width,
          height,
          pages: picture.header?.frames ?? header.pages ?? 1,
          contents:
            trims.length > 0 && isWithinLimit ? await contentsOf(await open(picture), trims) : undefined,
          hasAlpha: header.hasAlpha && isWithinLimit && (await hasTransparency(picture)),
          isPreview: picture.isPreview || undefined,
          capture: exif === undefined ? undefined : captureOf(exif, keepsPosition),
          decodeBytes: decodeBytes(picture.format, picture.header, { width, height }, bytes.length),
        };
      });
    },

    transform: async (bytes, plans, deliver, watermarks = new Map()) => {
      const marks = await decodedMarks(watermarks);
      const picture = pictureIn(bytes, input);
      const { image, copyright } = await decoding(picture, () => decoded(picture, decodedSize(plans)));
      const appearance = once(() => transforming("placeholder", () => appearanceOf(image)));
      const inProfile = once(() =>
        decoding(picture, async () => {
          const header = await (await open(picture)).metadata();
          const own = plans.filter(({ keepsProfile }) => keepsProfile === true);
          return decodedInProfile(await open(picture), header, decodedSize(own));
        }),
      );
      // Made one by one, so that a plan's pixels are let go with its last rendition.
      const tasks = function* () {
        for (const plan of costliestFirst(plans)) {
          const { name, source, frames, keepsProfile, background, steps, renditions } = plan;
          const made = async (from: Pixels, by: TransformPlan): Promise<Pixels> =>
            operated(await framed(from, by), steps, marks);
          const moving = async (count: number): Promise<Pixels> => {
            const animation = await decoding(picture, () => decodedAnimation(picture.bytes, count, source));
            return transforming(name, () => eachFrame(animation, plan, made));
          };
          const pixels = once(async (): Promise<MadePixels> => {
            if (frames !== undefined) return { image: await moving(frames) };
            const own = keepsProfile === true ? await inProfile() : undefined;
            const from = own?.image ?? image;
            return { image: await transforming(name, () => made(from, plan)), profile: own?.profile };
          });
          for (const rendition of renditions) {
            yield async () => {
              const { image: from, profile } = await pixels();
              const bytes = await transforming(name, () =>
                encoded(from, rendition, background, copyright, profile),
              );
              await deliver(madeFile({ plan, rendition }, bytes, sha256));
            };
          }
        }
        yield appearance;
      };
      await inLanes(threads, tasks());
      return appearance();
    },
  };
};
