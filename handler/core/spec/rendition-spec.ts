import * as z from "zod";
import { fingerprint } from "../fingerprint.ts";
import { animationShape } from "./animation.ts";
import { cachingProblems, cachingShape } from "./caching.ts";
import { encoderProblems, encoderShape } from "./encoder.ts";
import { RENDITION_FORMATS, renditionFormat } from "./format.ts";
import { framingProblems, framingShape } from "./framing.ts";
import { operationShape } from "./operations.ts";
import { recordSizeProblem } from "./record-size.ts";
import { withoutSets } from "./sets.ts";
import { MAX_VARIANTS, side, variantProblems, variantShape, variantsOf } from "./sizes.ts";
import { trimShape } from "./trim.ts";

/** Specs in one list. */
export const MAX_RENDITION_SPECS = 20;

const renditionSpec = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]{0,62}$/,
        "expected 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen",
      )
      .meta({
        description: "name of the file in the destination bucket",
        values: "1 to 63 of a-z, 0-9 and hyphen, unique",
        default: "required",
      }),
    width: side.optional().meta({
      description: "width of the box in pixels; an image smaller than it is not enlarged",
      values: "1 to 16,383; it, `height` or `widths` is required",
    }),
    height: side.optional().meta({ description: "its height in pixels", values: "1 to 16,383" }),
    formats: z
      .array(renditionFormat)
      .min(1, "expected at least one format")
      .meta({
        description: "a file for each; `auto` is PNG for an image with transparency and JPEG for any other",
        values: `${RENDITION_FORMATS.join(", ")}, auto`,
        default: "required",
      }),
    prefix: z
      .string()
      .min(1, "expected at least one character")
      .max(512, "expected at most 512 characters")
      .optional()
      .meta({
        description: "the spec is for originals whose key begins so",
        values: "1 to 512 characters",
        default: "all",
      }),
    manifest: z.boolean().optional().meta({
      description: "lists the spec's renditions in `<key>/manifest.json`, for web pages",
      values: "true, false",
      default: "false",
    }),
    ...animationShape,
    ...cachingShape,
    ...variantShape,
    ...encoderShape,
    ...trimShape,
    ...framingShape,
    ...operationShape,
  })
  .superRefine((spec, context) => {
    const hasNoBox = spec.width === undefined && spec.height === undefined && spec.widths === undefined;
    for (const [path, message] of [
      ...encoderProblems(spec, spec.formats),
      ...variantProblems(spec),
      ...(hasNoBox ? [["width", "expected a width, a height or both, got neither"] as const] : []),
      ...framingProblems(spec, hasNoBox),
      ...cachingProblems(spec),
    ]) {
      context.addIssue({ code: "custom", path: [path], message });
    }
  });

/** Every property of a rendition spec, for the documentation: its schema carries description, values and default. */
export const RENDITION_PROPERTIES: Readonly<Record<string, z.ZodType>> = renditionSpec.shape;

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
    const tooLarge = recordSizeProblem(specs);
    if (tooLarge !== undefined) problem([], tooLarge);
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

/** Keys in the source bucket of the images that specs lay over renditions. */
export const watermarkImages = (specs: readonly RenditionSpec[]): readonly string[] => [
  ...new Set(specs.flatMap(({ watermark }) => watermark?.image ?? [])),
];

/** Whether an object of the source bucket is a watermark of any spec, and so no original. */
export const isWatermark = (specs: readonly RenditionSpec[], key: string): boolean =>
  watermarkImages(specs).includes(key);

/** Tells lists of specs apart: another one makes other renditions of the same original. */
export const specsFingerprint = (specs: readonly RenditionSpec[]): string =>
  fingerprint(JSON.stringify(specs));

/** What is made when the configuration names nothing else. */
export const DEFAULT_RENDITIONS: readonly RenditionSpec[] = [
  { name: "thumbnail", width: 200, height: 200, fit: "cover", formats: ["webp", "auto"] },
  { name: "medium", width: 800, height: 800, fit: "inside", formats: ["webp", "auto"] },
  { name: "large", width: 1600, height: 1600, fit: "inside", formats: ["webp", "auto"] },
];
