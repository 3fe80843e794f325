import type { Sharp } from "sharp";
import { encodedWithin } from "../../core/byte-target.ts";
import type { RenditionPlan, TransformPlan } from "../../core/plan.ts";
import { WHITE } from "./framing.ts";
import { fromPixels, type Pixels } from "./pixels.ts";

type Operations = TransformPlan["operations"];

/** The options that a plan sets, without those that it leaves to the encoder: to sharp, undefined is a value. */
const given = <Options extends Readonly<Record<string, unknown>>>(options: Options): Partial<Options> => {
  const chosen: Partial<Options> = { ...options };
  for (const name in chosen) if (chosen[name] === undefined) delete chosen[name];
  return chosen;
};

/**
 * Defaults chosen by measurement: one x86-64 core, sharp 0.35.5, a photo of 1600 x 1067 pixels, default quality.
 * - jpeg: progressive, 41 ms and 248 KiB. mozjpeg's trellis saves 6 % more and takes 180 to 250 ms; beside a webp of
 *   183 KiB the jpeg is the fallback, and not worth it.
 * - webp: the default effort of 4, 190 to 250 ms; 2 halves the time and adds 7 % to every download.
 * - avif: effort 3, 1.3 s and 125 KiB; the default of 4 takes 6.3 s for 123 KiB.
 * - gif: effort 1; the default of 7 takes ten times as long for 14 % less.
 * - png: adaptive filters, which take 47 % off a photo and add 21 % to a drawing.
 */
const encoder = (
  image: Pixels,
  { format, ...options }: RenditionPlan,
  { background }: Operations,
  quality: number | undefined,
): Sharp => {
  const pipeline = fromPixels(image);
  const { effort, lossless, progressive, chromaSubsampling } = options;
  switch (format) {
    case "webp":
      return pipeline.webp(given({ quality, effort, lossless }));
    case "jpeg": {
      const behind = background === undefined || background === "transparent" ? WHITE : background;
      return pipeline
        .flatten({ background: behind })
        .jpeg({ progressive: true, ...given({ quality, progressive, chromaSubsampling }) });
    }
    case "png":
      return pipeline.png({ adaptiveFiltering: true, ...given({ progressive }) });
    case "avif":
      return pipeline.avif({ effort: 3, ...given({ quality, effort, lossless, chromaSubsampling }) });
    case "gif":
      return pipeline.gif({ effort: 1, ...given({ effort }) });
    case "tiff":
      return pipeline.tiff({ compression: "deflate", predictor: "horizontal" });
    default:
      return format satisfies never;
  }
};

/**
 * Writes a rendition's file, at a lower quality than planned when it must fit a number of bytes.
 * @param copyright the notice in the original's EXIF
 */
export const encoded = (
  image: Pixels,
  rendition: RenditionPlan,
  operations: Operations,
  copyright: string | undefined,
): Promise<Uint8Array> => {
  const { quality, maxBytes, keepCopyright } = rendition;
  const encode = (at: number | undefined): Promise<Uint8Array> => {
    const pipeline = encoder(image, rendition, operations, at);
    const isKept = keepCopyright === true && copyright !== undefined;
    return (isKept ? pipeline.withExif({ IFD0: { Copyright: copyright } }) : pipeline).toBuffer();
  };
  return quality === undefined || maxBytes === undefined
    ? encode(quality)
    : encodedWithin(encode, quality, maxBytes);
};
