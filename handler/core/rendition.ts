import * as z from "zod";
import { encoderProblems, encoderShape } from "./encoder-options.ts";
import { fingerprint } from "./fingerprint.ts";
import { operationShape } from "./operations.ts";
import { RENDITION_FORMATS } from "./rendition-format.ts";
import { withoutSets } from "./rendition-sets.ts";
import { MAX_VARIANTS, side, variantProblems, variantShape, variantsOf } from "./rendition-variants.ts";

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

/** Specs in one list. */
export const MAX_RENDITION_SPECS = 20;

/** What the list may take of Lambda's 4 KB of environment: the other variables take up to 1 KB. */
export const MAX_SPECS_BYTES = 3000;

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
    /** Begins the key of every original that the spec is for; 1 to 512 characters. @default all originals */
    prefix: z
      .string()
      .min(1, "expected at least one character")
      .max(512, "expected at most 512 characters")
      .optional(),
    /** Lists its renditions in `<original key>/manifest.json`, for web pages. @default false */
    manifest: z.boolean().optional(),
    ...variantShape,
    ...encoderShape,
    ...operationShape,
  })
  .superRefine((spec, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const isBoxOpen = spec.width === undefined || spec.height === undefined;
    const hasNoBox = spec.width === undefined && spec.height === undefined && spec.widths === undefined;
    for (const [path, message] of encoderProblems(spec, spec.formats)) problem(path, message);
    for (const [path, message] of variantProblems(spec)) problem(path, message);
    if (hasNoBox) {
      problem("width", "expected a width, a height or both, got neither");
    }
    if (spec.fit === "cover" && isBoxOpen && !hasNoBox) {
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

/** Some key begins with both. */
const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const specList = z
  .array(renditionSpec)
  .min(1, "expected at least one rendition spec")
  .max(MAX_RENDITION_SPECS, `expected at most ${MAX_RENDITION_SPECS} rendition specs`)
  .superRefine((specs, context) => {
    const problem = (path: readonly PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    const sizes = specs.flatMap((spec, index) =>
      variantsOf(spec).map(({ name }) => ({ name, index, prefix: spec.prefix ?? "" })),
    );
    for (const [position, { name, index, prefix }] of sizes.entries()) {
      const first = sizes
        .slice(0, position)
        .find((other) => other.name === name && overlap(other.prefix, prefix));
      if (first !== undefined) {
        problem(
          [index, "name"],
          `expected unique names, but "${name}" is also the name of spec ${first.index}`,
        );
      }
    }
    if (sizes.length > MAX_VARIANTS) {
      problem([], `expected at most ${MAX_VARIANTS} sizes in all, got ${sizes.length}`);
    }
    const bytes = new TextEncoder().encode(JSON.stringify(specs)).length;
    if (bytes > MAX_SPECS_BYTES) {
      problem(
        [],
        `expected at most ${MAX_SPECS_BYTES} bytes of JSON, got ${bytes}: Lambda's environment holds no more`,
      );
    }
  });

/**
 * Parses a list of rendition specs: the `renditions` of the stack's configuration and the handler's `RENDITIONS`
 * alike. In its place, or in the place of any entry, a set of `RENDITION_SETS` may be named. Unknown keys are errors.
 * Its output, without sets, parses again to itself, so it may travel as JSON.
 */
export const renditionSpecs = z.preprocess(withoutSets, specList);

/** One wanted rendition: a name, a box, how to fit it, and the formats to write. */
export type RenditionSpec = z.output<typeof renditionSpec>;

/** The specs that are for an original. */
export const specsFor = (specs: readonly RenditionSpec[], originalKey: string): readonly RenditionSpec[] =>
  specs.filter(({ prefix = "" }) => originalKey.startsWith(prefix));

/** Tells lists of specs apart: another one makes other renditions of the same original. */
export const specsFingerprint = (specs: readonly RenditionSpec[]): string =>
  fingerprint(JSON.stringify(specs));

export type Fit = (typeof FITS)[number];
export type Position = (typeof POSITIONS)[number];

/** What is made when the configuration names nothing else. */
export const DEFAULT_RENDITIONS: readonly RenditionSpec[] = [
  { name: "thumbnail", width: 200, height: 200, fit: "cover", formats: ["webp", "auto"] },
  { name: "medium", width: 800, height: 800, fit: "inside", formats: ["webp", "auto"] },
  { name: "large", width: 1600, height: 1600, fit: "inside", formats: ["webp", "auto"] },
];
