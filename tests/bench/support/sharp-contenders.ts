/** What is measured against what, where it runs in Node: each makes the default renditions of a JPEG. */
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { imagingProcess } from "../../../handler/adapters/imaging-process.ts";
import type { ImagingOptions } from "../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../handler/core/plan/plan.ts";
import { DEFAULT_RENDITIONS } from "../../../handler/core/spec/rendition-spec.ts";

/** A file's name and its content. */
export type Made = readonly [name: string, bytes: Uint8Array];

export type Contender = (bytes: Uint8Array) => Promise<readonly Made[]>;

const maxPixels = 200_000_000;

/**
 * All that the function does between reading and storing: inspection, budget, plan, every rendition, the placeholder, in
 * a process apart, to and from which the files go.
 */
const pipeline = (threads: number, specs = DEFAULT_RENDITIONS): Contender => {
  const imaging = imagingProcess({
    entry: join(import.meta.dirname, "..", "..", "..", "handler", "entries", "imaging-process.ts"),
    options: { maxPixels, threads } satisfies ImagingOptions,
    environment: process.env,
    maxSeconds: 60,
  });
  return async (bytes) => {
    const image = await imaging.inspect(bytes);
    const limits = { maxBytes: 1_000_000_000, maxPixels };
    const plans = planTransforms(image, "photo", specs, limits);
    const files: Made[] = [];
    await imaging.transform(bytes, plans, async ({ key, bytes: file }) => {
      files.push([key.slice("photo/".length), file]);
    });
    return files;
  };
};

/** The same box, fit, quality and encoder options as the pipeline's, said to sharp by hand. */
const RENDITIONS = DEFAULT_RENDITIONS.flatMap(({ name, width, height, fit }) =>
  (["webp", "jpg"] as const).map((format) => {
    const box = { ...(width && { width }), ...(height && { height }), fit, withoutEnlargement: true };
    const encoded = (image: Sharp): Sharp =>
      format === "webp"
        ? image.webp({ quality: 80, effort: 2 })
        : image.jpeg({ quality: 80, progressive: true });
    return {
      file: `${name}.${format}`,
      make: (image: Sharp): Promise<Buffer> => encoded(image.resize(box)).toBuffer(),
    };
  }),
);

const all = (from: () => Sharp): Promise<readonly Made[]> =>
  Promise.all(RENDITIONS.map(async ({ file, make }): Promise<Made> => [file, await make(from())]));

const once = (threads: number): Contender => {
  sharp.concurrency(threads);
  return (bytes) => all(() => sharp(bytes, { autoOrient: true }));
};

const shared = (threads: number): Contender => {
  sharp.concurrency(threads);
  const largest = { width: 1600, height: 1600, fit: "inside", withoutEnlargement: true } as const;
  return async (bytes) => {
    const { data, info } = await sharp(bytes, { autoOrient: true })
      .resize(largest)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return all(() => sharp(data, { raw: { width, height, channels } }));
  };
};

/** What a user may choose who wants fewer bytes rather than less time: libwebp's own default. */
const withMoreEffort = (threads: number): Contender =>
  pipeline(
    threads,
    DEFAULT_RENDITIONS.map((spec) => ({ ...spec, effort: 4 })),
  );

export const SHARP_CONTENDERS = {
  pipeline: { about: "this pipeline, checks and metadata included", prepare: (threads) => pipeline(threads) },
  "pipeline-effort-4": { about: "this pipeline with `effort: 4` for WebP", prepare: withMoreEffort },
  sharp: { about: "bare sharp, called once a rendition, in parallel", prepare: once },
  "sharp-shared": { about: "bare sharp, one decode shared by hand", prepare: shared },
} as const satisfies Record<
  string,
  { readonly about: string; readonly prepare: (threads: number) => Contender }
>;

export type SharpContender = keyof typeof SHARP_CONTENDERS;
