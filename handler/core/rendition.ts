import * as z from "zod";

/** Formats a rendition can be written in. `auto` in a spec resolves to one of these. */
export const RENDITION_FORMATS = ["webp", "jpeg", "png", "avif", "gif", "tiff"] as const;

/** How a rendition fits its box; the words and their meaning are sharp's (https://sharp.pixelplumbing.com/api-resize/). */
export const FITS = ["cover", "contain", "fill", "inside", "outside"] as const;

const PLACES = [
  "centre",
  "center",
  "top",
  "right top",
  "right",
  "right bottom",
  "bottom",
  "left bottom",
  "left",
  "left top",
  "north",
  "northeast",
  "east",
  "southeast",
  "south",
  "southwest",
  "west",
  "northwest",
] as const;

const STRATEGIES = ["entropy", "attention"] as const;

/** Where a `cover` crops and a `contain` places the image; sharp's names. */
export const POSITIONS = [...PLACES, ...STRATEGIES] as const;

/** WebP's largest side, and so the largest box (https://developers.google.com/speed/webp/faq). */
export const MAX_SIDE_PIXELS = 16_383;

/** Specs in one list: what keeps `RENDITIONS` well inside Lambda's 4 KB of environment. */
export const MAX_RENDITION_SPECS = 20;

const side = z
  .int("expected a whole number of pixels")
  .min(1, "expected at least 1 pixel")
  .max(MAX_SIDE_PIXELS, `expected at most ${MAX_SIDE_PIXELS} pixels, the largest side WebP can hold`);

const isStrategy = (position: string): boolean => STRATEGIES.some((strategy) => strategy === position);

const renditionSpec = z
  .strictObject({
    /** Becomes the file name in the destination bucket: 1 to 63 of a-z, 0-9 and hyphen, the first not a hyphen. */
    name: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]{0,62}$/,
        "expected 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen",
      ),
    /** Width of the box in pixels, 1 to 16383. */
    width: side.optional(),
    /** Height of the box in pixels, 1 to 16383. */
    height: side.optional(),
    /** @default "inside" */
    fit: z.enum(FITS).default("inside"),
    /** Only with `cover` or `contain`; `entropy` and `attention` only with `cover`. @default "centre" */
    position: z.enum(POSITIONS).optional(),
    /** `auto` is png for an image with transparency and jpeg for any other. Duplicates collapse. */
    formats: z.array(z.enum([...RENDITION_FORMATS, "auto"])).min(1, "expected at least one format"),
    /** 1 (small) to 100 (good), for webp, jpeg and avif; the others lose nothing. @default 80; 50 for avif */
    quality: z.int().min(1).max(100).optional(),
  })
  .superRefine((spec, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (spec.width === undefined && spec.height === undefined) {
      problem("width", "expected a width, a height or both, got neither");
    }
    if (spec.fit === "cover" && (spec.width === undefined) !== (spec.height === undefined)) {
      problem(spec.width === undefined ? "width" : "height", "expected both width and height with fit cover");
    }
    if (spec.position === undefined) return;
    if (spec.fit !== "cover" && spec.fit !== "contain") {
      problem("position", `expected no position with fit ${spec.fit}: it only moves a cover or a contain`);
    }
    if (spec.fit === "contain" && isStrategy(spec.position)) {
      problem("position", `expected a place such as top with fit contain, got ${spec.position}`);
    }
  });

/**
 * Parses a list of rendition specs: the `renditions` of the stack's configuration and the handler's `RENDITIONS`
 * alike. Unknown keys are errors. Its output parses again to itself, so it may travel as JSON.
 */
export const renditionSpecs = z
  .array(renditionSpec)
  .min(1, "expected at least one rendition spec")
  .max(MAX_RENDITION_SPECS, `expected at most ${MAX_RENDITION_SPECS} rendition specs`)
  .superRefine((specs, context) => {
    const firstWithName = new Map<string, number>();
    for (const [index, { name }] of specs.entries()) {
      const first = firstWithName.get(name);
      if (first === undefined) {
        firstWithName.set(name, index);
        continue;
      }
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        message: `expected unique names, but "${name}" is also the name of spec ${first}`,
      });
    }
  });

/** One wanted rendition: a name, a box, how to fit it, and the formats to write. */
export type RenditionSpec = z.output<typeof renditionSpec>;
export type RenditionFormat = (typeof RENDITION_FORMATS)[number];
export type Fit = (typeof FITS)[number];
export type Position = (typeof POSITIONS)[number];

type FormatFacts = {
  readonly extension: string;
  readonly contentType: string;
  /** Used when the spec names none, and for the formats that have one. */
  readonly defaultQuality: number | undefined;
  /** Longest side the format, or its encoder in libvips, can hold, in pixels. */
  readonly maxSide: number;
  readonly hasAlpha: boolean;
};

/** Sides: libwebp's WEBP_MAX_DIMENSION; 65,535 where the format has 16 bits; sharp's own check for AVIF and JPEG. */
export const RENDITION_FORMAT_FACTS = {
  webp: { extension: "webp", contentType: "image/webp", defaultQuality: 80, maxSide: 16_383, hasAlpha: true },
  jpeg: { extension: "jpg", contentType: "image/jpeg", defaultQuality: 80, maxSide: 65_535, hasAlpha: false },
  png: {
    extension: "png",
    contentType: "image/png",
    defaultQuality: undefined,
    maxSide: 65_535,
    hasAlpha: true,
  },
  avif: { extension: "avif", contentType: "image/avif", defaultQuality: 50, maxSide: 16_384, hasAlpha: true },
  gif: {
    extension: "gif",
    contentType: "image/gif",
    defaultQuality: undefined,
    maxSide: 65_535,
    hasAlpha: true,
  },
  tiff: {
    extension: "tiff",
    contentType: "image/tiff",
    defaultQuality: undefined,
    maxSide: 65_535,
    hasAlpha: true,
  },
} as const satisfies Record<RenditionFormat, FormatFacts>;

/** What is made when the configuration names nothing else. */
export const DEFAULT_RENDITIONS: readonly RenditionSpec[] = [
  { name: "thumbnail", width: 200, height: 200, fit: "cover", formats: ["webp", "auto"] },
  { name: "medium", width: 800, height: 800, fit: "inside", formats: ["webp", "auto"] },
  { name: "large", width: 1600, height: 1600, fit: "inside", formats: ["webp", "auto"] },
];
