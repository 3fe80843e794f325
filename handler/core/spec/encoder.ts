import * as z from "zod";
import { formatFacts, type RenditionFormat } from "./format.ts";

export const CHROMA_SUBSAMPLINGS = ["4:4:4", "4:2:0"] as const;

/** Properties of a rendition spec for the encoders. Each is for the formats that have it and nothing to the others. */
export const encoderShape = {
  quality: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({
      example: { quality: 10 },
      description: "for webp, jpeg and avif; the others lose nothing",
      values: "1 to 100",
      default: "80, avif 50",
    }),
  maxBytes: z
    .int("expected a whole number of bytes")
    .min(256, "expected at least 256 bytes")
    .max(104_857_600, "expected at most 104857600 bytes")
    .optional()
    .meta({
      description:
        "lowers the quality, to 10 at least, until a webp, jpeg or avif fits; what is larger even then stays so",
      values: "256 to 104,857,600",
    }),
  effort: z.int("expected a whole number").optional().meta({
    description: "CPU spent on fewer bytes",
    values: "webp 0 to 6, avif 0 to 9, gif 1 to 10",
    default: "2, 3, 1",
  }),
  lossless: z.boolean().optional().meta({
    description: "webp and avif without loss, in place of `quality`",
    values: "true, false",
    default: "false",
  }),
  progressive: z.boolean().optional().meta({
    description: "jpeg and png that show coarse first",
    values: "true, false",
    default: "jpeg true, png false",
  }),
  chromaSubsampling: z
    .enum(CHROMA_SUBSAMPLINGS)
    .optional()
    .meta({
      description: "resolution of colours in jpeg and avif",
      values: CHROMA_SUBSAMPLINGS.join(", "),
      default: "jpeg 4:2:0, avif 4:4:4",
    }),
  keepProfile: z.boolean().optional().meta({
    description:
      "keeps the colours and the profile of an RGB original, such as Display P3 or Adobe RGB, of up to 16 KiB; not in gif, nor in what moves, which are sRGB like all else",
    values: "true, false",
    default: "false",
  }),
  keepCopyright: z.boolean().optional().meta({
    description:
      "keeps the EXIF copyright notice, and nothing else of the metadata; in webp, jpeg, png and avif, its text in ASCII",
    values: "true, false",
    default: "false",
  }),
};

/** How to write one file; what is absent is the encoder's default. */
export type EncoderOptions = {
  /** 1 to 100; absent for lossless formats. */
  readonly quality: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly effort?: number | undefined;
  readonly lossless?: true | undefined;
  readonly progressive?: boolean | undefined;
  readonly keepCopyright?: true | undefined;
  readonly chromaSubsampling?: (typeof CHROMA_SUBSAMPLINGS)[number] | undefined;
};

/** The encoder's part of a parsed spec. */
export type EncoderSpec = z.output<z.ZodObject<typeof encoderShape>>;

type Problem = readonly [property: keyof EncoderSpec, message: string];

const OWNERS = {
  effort: (format) => formatFacts(format).effort !== undefined,
  lossless: (format) => formatFacts(format).hasLossless,
  progressive: (format) => formatFacts(format).hasProgressive,
  chromaSubsampling: (format) => formatFacts(format).hasChromaSubsampling,
  keepCopyright: (format) => formatFacts(format).hasExif,
  keepProfile: (format) => formatFacts(format).hasProfile,
  maxBytes: (format) => formatFacts(format).defaultQuality !== undefined,
} as const satisfies Partial<Record<keyof EncoderSpec, (format: RenditionFormat) => boolean>>;

/** Every property that no format of the spec has, and every effort that one of them does not go to. */
export const encoderProblems = (
  spec: EncoderSpec,
  formats: readonly (RenditionFormat | "auto")[],
): readonly Problem[] => {
  // What auto becomes is known with the image: either of these.
  const possible = formats.flatMap((format): readonly RenditionFormat[] =>
    format === "auto" ? ["png", "jpeg"] : [format],
  );
  const problems: Problem[] = [];
  for (const property of [
    "effort",
    "lossless",
    "progressive",
    "chromaSubsampling",
    "keepCopyright",
    "keepProfile",
    "maxBytes",
  ] as const) {
    if (spec[property] !== undefined && !possible.some(OWNERS[property])) {
      problems.push([
        property,
        `expected no ${property} with the formats ${formats.join(", ")}: none has it`,
      ]);
    }
  }
  const { effort } = spec;
  for (const format of new Set(possible)) {
    const range = formatFacts(format).effort;
    if (effort === undefined || range === undefined) continue;
    if (effort < range.least || effort > range.most) {
      problems.push(["effort", `expected ${range.least} to ${range.most}, the efforts of ${format}`]);
    }
  }
  if (spec.lossless === true && spec.maxBytes !== undefined) {
    problems.push(["maxBytes", "expected no maxBytes with lossless: only a quality can be lowered"]);
  }
  return problems;
};

/** A spec's options as they apply to one format. */
export const encoderOptions = (spec: EncoderSpec, format: RenditionFormat): EncoderOptions => {
  const { defaultQuality, effort, hasLossless, hasProgressive, hasChromaSubsampling, hasExif } =
    formatFacts(format);
  const lossless = hasLossless && spec.lossless === true ? true : undefined;
  const hasQuality = defaultQuality !== undefined && lossless === undefined;
  return {
    quality: hasQuality ? (spec.quality ?? defaultQuality) : undefined,
    maxBytes: hasQuality ? spec.maxBytes : undefined,
    effort: effort === undefined ? undefined : spec.effort,
    lossless,
    keepCopyright: hasExif && spec.keepCopyright === true ? true : undefined,
    progressive: hasProgressive ? spec.progressive : undefined,
    chromaSubsampling: hasChromaSubsampling ? spec.chromaSubsampling : undefined,
  };
};
