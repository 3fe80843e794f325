import { isPermanent } from "../core/errors.ts";
import type { Upload } from "../core/events/s3-event.ts";
import { manifestKey } from "../core/object-key.ts";
import { planTransforms, type TransformPlan } from "../core/plan/plan.ts";
import type { Asset, StoredRendition } from "../core/record/asset.ts";
import { manifestOf } from "../core/record/manifest.ts";
import { noTags, type ObjectTags } from "../core/record/object-tags.ts";
import type { Appearance } from "../core/source/appearance.ts";
import { refuseBySize } from "../core/source/byte-limit.ts";
import { falseClaims } from "../core/source/declared-type.ts";
import { knownFormat } from "../core/source/image-format.ts";
import type { ImageInfo } from "../core/source/image-info.ts";
import { imageByFirstBytes, refuseByFirstBytes } from "../core/source/source-image.ts";
import { watermarkKeys } from "../core/spec/pixel-steps.ts";
import { specsFingerprint, specsFor } from "../core/spec/rendition-spec.ts";
import { thresholdsOf } from "../core/spec/trim.ts";
import type { Ports } from "../ports/pipeline.ts";
import type { Expected, Watermarks } from "../ports/renditions.ts";
import type { Arrival } from "../ports/source.ts";
import { type Pipeline, step } from "./pipeline.ts";
import { type RenditionStorage, renditionStorage } from "./rendition-storage.ts";

/** Stores the manifest once all that it lists is stored. */
const storeManifest = async (
  { ports, settings: { renditions, links } }: Pipeline,
  upload: Upload,
  image: ImageInfo,
  appearance: Appearance,
  stored: readonly StoredRendition[],
  expected: Expected,
): Promise<void> => {
  const specs = specsFor(renditions, upload.key);
  const manifest = manifestOf(upload, image, appearance, specs, stored, links);
  if (manifest === undefined) return;
  await ports.renditions.writeManifest(manifestKey(upload.key), manifest, upload, expected);
};

/** Reads every image that the plans mark renditions with, from the bucket of the original. */
const readWatermarks = async (
  { watermarks }: Ports,
  { bucket }: Upload,
  plans: readonly TransformPlan[],
): Promise<Watermarks> => {
  const read = new Map<string, Uint8Array>();
  for (const key of new Set(plans.flatMap(({ steps }) => watermarkKeys(steps)))) {
    read.set(key, await watermarks.read(bucket, key));
  }
  return read;
};

type Transformed = {
  readonly plans: readonly TransformPlan[];
  readonly appearance: Appearance;
  /** Some renditions may still be on their way. */
  readonly storage: RenditionStorage;
  readonly transformMs: number;
};

const transform = async (
  pipeline: Pipeline,
  upload: Upload,
  bytes: Uint8Array,
  image: ImageInfo,
  expected: Expected,
): Promise<Transformed> => {
  const { ports, settings, time } = pipeline;
  const { imaging, renditions, clock } = ports;
  const specs = specsFor(settings.renditions, upload.key);
  const plans = planTransforms(image, upload.key, specs, settings.limits);
  const watermarks = await readWatermarks(ports, upload, plans);
  const storage = renditionStorage((file) => {
    time.check();
    return renditions.write(file, upload, expected);
  }, ports.sha256);
  const startedAt = clock.now();
  try {
    const appearance = await step(pipeline, "transform", () =>
      imaging.transform(bytes, plans, storage.accept, watermarks),
    );
    const transformMs = clock.now().getTime() - startedAt.getTime();
    return { plans, appearance, storage, transformMs };
  } catch (error) {
    // Every write is waited for, so that none goes on in the background after the message is given back.
    await storage.idle();
    throw error;
  }
};

/** Renditions are stored in the order in which they were made; people see them in that of the specs. */
const inOrderOf = (
  plans: readonly TransformPlan[],
  stored: readonly StoredRendition[],
): readonly StoredRendition[] => {
  const placeOf = ({ name, format }: Pick<StoredRendition, "name" | "format">): string => `${name}.${format}`;
  const places = plans.flatMap(({ name, renditions }) =>
    renditions.map(({ format }) => placeOf({ name, format })),
  );
  return stored.toSorted((a, b) => places.indexOf(placeOf(a)) - places.indexOf(placeOf(b)));
};

/** Reads, inspects, plans, transforms and stores. What no further try could change is an outcome, not an error. */
export const makeAsset = async (pipeline: Pipeline, upload: Upload, expected: Expected): Promise<Asset> => {
  const { source, imaging, clock, sha256: sha256Of, madeWith } = pipeline.ports;
  const { renditions: specs, limits, input, recordTags } = pipeline.settings;
  const startedAt = clock.now();
  const outcome = () => {
    const processedAt = clock.now();
    return {
      upload,
      processedAt,
      durationMs: processedAt.getTime() - startedAt.getTime(),
      specsFingerprint: specsFingerprint(specsFor(specs, upload.key)),
      madeWith,
      falseClaims: claims,
      tags,
    };
  };
  let inspected: ImageInfo | undefined;
  let claims: readonly string[] = [];
  let tags: ObjectTags = noTags(recordTags);
  const judge = ({ firstBytes, contentType }: Arrival): void => {
    claims = falseClaims(upload.key, contentType, knownFormat(firstBytes));
    inspected = imageByFirstBytes(firstBytes);
    refuseByFirstBytes(firstBytes, input, limits);
  };
  try {
    if (recordTags.length > 0) tags = await step(pipeline, "tags", () => source.tags(upload, recordTags));
    refuseBySize(upload.sizeBytes, limits.maxBytes);
    return await pipeline.inRoom(upload.sizeBytes, async (): Promise<Asset> => {
      const bytes = await step(pipeline, "read", () => source.read(upload, limits.maxBytes, judge));
      const { image, plans, appearance, storage, transformMs } = await pipeline.inTurn(async () => {
        const trims = thresholdsOf(specsFor(specs, upload.key));
        const image = await step(pipeline, "inspect", () => imaging.inspect(bytes, trims));
        inspected = image;
        return { image, ...(await transform(pipeline, upload, bytes, image, expected)) };
      });
      const renditions = await step(pipeline, "store", async () => {
        const stored = inOrderOf(plans, await storage.stored());
        await storeManifest(pipeline, upload, image, appearance, stored, expected);
        return stored;
      });
      const sha256 = sha256Of(bytes);
      return { state: "PROCESSED", ...outcome(), sha256, image, appearance, renditions, transformMs };
    });
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { state: "FAILED", ...outcome(), image: inspected, reason: error };
  }
};
