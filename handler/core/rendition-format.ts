/** Formats a rendition can be written in. `auto` in a spec resolves to one of these. */
export const RENDITION_FORMATS = ["webp", "jpeg", "png", "avif", "gif", "tiff"] as const;
export type RenditionFormat = (typeof RENDITION_FORMATS)[number];

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
  /** libvips writes EXIF into it. */
  readonly hasExif: boolean;
};

const PLAIN = {
  defaultQuality: undefined,
  maxSide: 65_535,
  hasAlpha: true,
  effort: undefined,
  hasLossless: false,
  hasProgressive: false,
  hasChromaSubsampling: false,
  hasExif: true,
} as const satisfies Partial<FormatFacts>;

/**
 * Sides: libwebp's WEBP_MAX_DIMENSION; 65,535 where the format has 16 bits; sharp's own check for AVIF and JPEG.
 * Efforts and switches: https://sharp.pixelplumbing.com/api-output/.
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
  },
  jpeg: {
    ...PLAIN,
    extension: "jpg",
    contentType: "image/jpeg",
    defaultQuality: 80,
    hasAlpha: false,
    hasProgressive: true,
    hasChromaSubsampling: true,
  },
  png: { ...PLAIN, extension: "png", contentType: "image/png", hasProgressive: true },
  avif: {
    ...PLAIN,
    extension: "avif",
    contentType: "image/avif",
    defaultQuality: 50,
    maxSide: 16_384,
    effort: { least: 0, most: 9 },
    hasLossless: true,
    hasChromaSubsampling: true,
  },
  gif: {
    ...PLAIN,
    extension: "gif",
    contentType: "image/gif",
    effort: { least: 1, most: 10 },
    hasExif: false,
  },
  tiff: { ...PLAIN, extension: "tiff", contentType: "image/tiff", hasExif: false },
} as const satisfies Record<RenditionFormat, FormatFacts>;

/** The facts of a format, as any format has them. */
export const formatFacts = (format: RenditionFormat): FormatFacts => RENDITION_FORMAT_FACTS[format];
