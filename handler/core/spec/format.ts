import * as z from "zod";

/**
 * Formats a rendition can be written in, in the order in which a page should offer them: a browser takes the first that
 * it can show, so the smallest files come first and what each can show last. `auto` in a spec resolves to one of these.
 */
export const RENDITION_FORMATS = ["avif", "webp", "tiff", "gif", "png", "jpeg"] as const;
export type RenditionFormat = (typeof RENDITION_FORMATS)[number];

const EXPECTED = `expected one of ${RENDITION_FORMATS.join(", ")}, auto`;

/** A format in a spec. */
export const renditionFormat = z.enum([...RENDITION_FORMATS, "auto"], {
  error: ({ input }) =>
    input === "jxl" || input === "jpegxl"
      ? `${EXPECTED}: the libvips that comes with sharp writes no JPEG XL`
      : EXPECTED,
});

type Range = { readonly least: number; readonly most: number };

type FormatFacts = {
  readonly extension: string;
  readonly contentType: string;
  /** Used when the spec names none, and for the formats that have one. */
  readonly defaultQuality: number | undefined;
  /** Longest side the format, or its encoder in libvips, can hold, in pixels. */
  readonly maxSide: number;
  readonly hasAlpha: boolean;
  /** CPU effort of its encoder, in the encoder's own steps; absent where it has none to choose. */
  readonly effort: Range | undefined;
  /** May be told to lose nothing; the formats without a quality never lose anything but gif's colours. */
  readonly hasLossless: boolean;
  /** Can be sent coarse first, then fine. */
  readonly hasProgressive: boolean;
  readonly hasChromaSubsampling: boolean;
  readonly hasAnimation: boolean;
  /** libvips writes EXIF into it. */
  readonly hasExif: boolean;
  /** libvips writes a colour profile into it. */
  readonly hasProfile: boolean;
  /** Options of sharp's encoder that differ from its defaults and that a spec may overrule. */
  readonly encoder: EncoderDefaults;
  /** CPU milliseconds that it takes to encode a megapixel of a photo, about: of use beside the other formats' alone. */
  readonly encodingCost: number;
  /** Most bytes of memory that its encoder takes for a pixel, besides the pixel itself. */
  readonly encodingBytes: number;
};

/** Names and values are sharp's (https://sharp.pixelplumbing.com/api-output/). */
type EncoderDefaults = {
  readonly effort?: number;
  readonly progressive?: boolean;
  readonly adaptiveFiltering?: boolean;
  readonly compression?: "deflate";
  readonly predictor?: "horizontal";
};

const PLAIN = {
  defaultQuality: undefined,
  maxSide: 65_535,
  hasAlpha: true,
  effort: undefined,
  hasLossless: false,
  hasProgressive: false,
  hasChromaSubsampling: false,
  hasAnimation: false,
  hasExif: true,
  hasProfile: true,
  encoder: {},
} as const satisfies Partial<FormatFacts>;

/**
 * Everything that is particular to a format: what knows a format by name, knows it from here.
 *
 * Sides: libwebp's WEBP_MAX_DIMENSION; 65,535 where the format has 16 bits; sharp's own check for AVIF and JPEG.
 * Efforts and switches: https://sharp.pixelplumbing.com/api-output/.
 *
 * Encoders' defaults chosen by measurement: one x86-64 core, sharp 0.35.5, a photo of 1600 x 1067 pixels, default quality.
 * - jpeg: progressive, 41 ms and 248 KiB. mozjpeg's trellis saves 6 % more and takes 180 to 250 ms; beside a webp of
 *   183 KiB the jpeg is the fallback, and not worth it.
 * - webp: effort 2, which takes half the time of the default of 4 and adds 2.4 % at the same quality of 80, where
 *   SSIMULACRA2 is 73.3 instead of 74.1; at equal SSIMULACRA2 it adds 5 %. Without loss the two differ by 1 %.
 * - avif: effort 3, 1.3 s and 125 KiB; the default of 4 takes 6.3 s for 123 KiB.
 * - gif: effort 1; the default of 7 takes ten times as long for 14 % less.
 * - png: adaptive filters, which take 47 % off a photo and add 21 % to a drawing.
 *
 * Costs: measured with these, one core of an AMD EPYC (Zen 4).
 * Memory: the peak of resident memory over 24 megapixels, rounded up: webp 4.6, jpeg 5.7, png 1.5, avif 35, gif 11.5, tiff 1.7.
 */
export const RENDITION_FORMAT_FACTS = {
  webp: {
    ...PLAIN,
    extension: "webp",
    contentType: "image/webp",
    defaultQuality: 80,
    maxSide: 16_383,
    effort: { least: 0, most: 6 },
    hasLossless: true,
    hasAnimation: true,
    encoder: { effort: 2 },
    encodingCost: 51,
    encodingBytes: 6,
  },
  jpeg: {
    ...PLAIN,
    extension: "jpg",
    contentType: "image/jpeg",
    defaultQuality: 80,
    hasAlpha: false,
    hasProgressive: true,
    hasChromaSubsampling: true,
    encoder: { progressive: true },
    encodingCost: 23,
    encodingBytes: 7,
  },
  png: {
    ...PLAIN,
    extension: "png",
    contentType: "image/png",
    hasProgressive: true,
    encoder: { adaptiveFiltering: true },
    encodingCost: 114,
    encodingBytes: 3,
  },
  avif: {
    ...PLAIN,
    extension: "avif",
    contentType: "image/avif",
    defaultQuality: 50,
    maxSide: 16_384,
    effort: { least: 0, most: 9 },
    hasLossless: true,
    hasChromaSubsampling: true,
    encoder: { effort: 3 },
    encodingCost: 873,
    encodingBytes: 36,
  },
  gif: {
    ...PLAIN,
    extension: "gif",
    contentType: "image/gif",
    effort: { least: 1, most: 10 },
    hasAnimation: true,
    hasExif: false,
    hasProfile: false,
    encoder: { effort: 1 },
    encodingCost: 1568,
    encodingBytes: 13,
  },
  tiff: {
    ...PLAIN,
    extension: "tiff",
    contentType: "image/tiff",
    hasExif: false,
    encoder: { compression: "deflate", predictor: "horizontal" },
    encodingCost: 81,
    encodingBytes: 3,
  },
} as const satisfies Record<RenditionFormat, FormatFacts>;

/** The facts of a format, as any format has them. */
export const formatFacts = (format: RenditionFormat): FormatFacts => RENDITION_FORMAT_FACTS[format];
