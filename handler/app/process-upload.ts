import type { Appearance, Asset, StoredRendition } from "../core/asset.ts";
import { refuseBySize } from "../core/byte-limit.ts";
import { falseClaims } from "../core/declared-type.ts";
import { isPermanent } from "../core/errors.ts";
import { knownFormat } from "../core/image-format.ts";
import { manifestOf } from "../core/manifest.ts";
import { noticeFor } from "../core/notice.ts";
import { manifestKey } from "../core/object-key.ts";
import { imageByFirstBytes, refuseByFirstBytes } from "../core/picture.ts";
import { type ImageInfo, planTransforms, type TransformPlan } from "../core/plan.ts";
import { isWatermark, specsFingerprint, specsFor } from "../core/rendition.ts";
import type { Settings } from "../core/settings.ts";
import { watermarkKeys } from "../core/steps.ts";
import type { Upload } from "../core/upload-event.ts";
import type { Arrival, Log, Ports, Watermarks } from "../ports.ts";
import type { InTurn } from "./in-turn.ts";
import { type RenditionStorage, renditionStorage } from "./rendition-storage.ts";

export type Pipeline = {
  readonly ports: Ports;
  readonly settings: Pick<
    Settings,
    "region" | "destinationBucket" | "renditions" | "limits" | "input" | "links"
  >;
  /** Shared by uploads in work at once: one image is decoded at a time, since its pixels are most of the memory. */
  readonly inTurn: InTurn;
};

/** Stores the manifest once all that it lists is stored. */
const storeManifest = async (
  { ports, settings: { renditions, links } }: Pipeline,
  upload: Upload,
  image: ImageInfo,
  appearance: Appearance,
  stored: readonly StoredRendition[],
): Promise<void> => {
  const specs = specsFor(renditions, upload.key);
  const manifest = manifestOf(upload, image, appearance, specs, stored, links);
  if (manifest === undefined) return;
  await ports.renditions.writeManifest(manifestKey(upload.key), manifest, upload);
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
  { ports, settings }: Pipeline,
  upload: Upload,
  bytes: Uint8Array,
  image: ImageInfo,
): Promise<Transformed> => {
  const { imaging, renditions, trace, clock } = ports;
  const specs = specsFor(settings.renditions, upload.key);
  const plans = planTransforms(image, upload.key, specs, settings.limits);
  const watermarks = await readWatermarks(ports, upload, plans);
  const storage = renditionStorage((file) => renditions.write(file, upload));
  const startedAt = clock.now();
  try {
    const appearance = await trace.stage("transform", () =>
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
const makeAsset = async (pipeline: Pipeline, upload: Upload): Promise<Asset> => {
  const { source, imaging, trace, clock } = pipeline.ports;
  const { renditions: specs, limits, input } = pipeline.settings;
  const startedAt = clock.now();
  const outcome = () => {
    const processedAt = clock.now();
    return {
      upload,
      processedAt,
      durationMs: processedAt.getTime() - startedAt.getTime(),
      specsFingerprint: specsFingerprint(specsFor(specs, upload.key)),
      falseClaims: claims,
    };
  };
  let inspected: ImageInfo | undefined;
  let claims: readonly string[] = [];
  const judge = ({ firstBytes, contentType }: Arrival): void => {
    claims = falseClaims(upload.key, contentType, knownFormat(firstBytes));
    inspected = imageByFirstBytes(firstBytes);
    refuseByFirstBytes(firstBytes, input, limits);
  };
  try {
    refuseBySize(upload.sizeBytes, limits.maxBytes);
    const bytes = await trace.stage("read", () => source.read(upload, limits.maxBytes, judge));
    const { image, plans, appearance, storage, transformMs } = await pipeline.inTurn(async () => {
      const image = await trace.stage("inspect", () => imaging.inspect(bytes));
      inspected = image;
      return { image, ...(await transform(pipeline, upload, bytes, image)) };
    });
    const renditions = await trace.stage("store", async () => {
      const stored = inOrderOf(plans, await storage.stored());
      await storeManifest(pipeline, upload, image, appearance, stored);
      return stored;
    });
    return { state: "PROCESSED", ...outcome(), image, appearance, renditions, transformMs };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { state: "FAILED", ...outcome(), image: inspected, reason: error };
  }
};

const report = ({ ports }: Pipeline, log: Log, asset: Asset): void => {
  const { durationMs, upload } = asset;
  if (asset.state === "FAILED") {
    ports.metrics.imageFailed(asset.reason.code);
    log.warn("Image not processed", {
      reasonCode: asset.reason.code,
      reason: asset.reason.message,
      durationMs,
    });
    return;
  }
  const { renditions, transformMs } = asset;
  const bytesIn = upload.sizeBytes;
  const bytesOut = renditions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  ports.metrics.imageProcessed({ bytesIn, bytesOut, transformMs });
  log.info("Image processed", { renditions: renditions.length, bytesIn, bytesOut, transformMs, durationMs });
};

/** From an accepted upload to its notice. Each step may be repeated: a crash between two repeats, it loses nothing. */
const settle = async (pipeline: Pipeline, log: Log, upload: Upload): Promise<void> => {
  const { library, notifier, trace, clock } = pipeline.ports;
  const asset = await makeAsset(pipeline, upload);
  const recorded = await trace.stage("record", () => library.record(asset));
  if (recorded.outcome === "superseded") {
    log.info("Superseded while it was processed", { bySequencer: recorded.by.sequencer });
    // Its renditions may now lie over those of the later upload, under the same keys: put the right ones back.
    if (asset.state === "PROCESSED") await settle(pipeline, log, recorded.by);
    return;
  }
  report(pipeline, log, asset);
  if (recorded.isNotified) return;
  await trace.stage("notify", () => notifier.notify(noticeFor(asset, pipeline.settings)));
  await library.markNotified(upload, clock.now());
};

/**
 * Processes one upload: receive, read, inspect, plan, transform, store, record, notify.
 * Notices are sent at least once: a crash between the notice and its mark sends it again.
 * @param delivery 1 when the message comes for the first time
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processUpload = async (pipeline: Pipeline, upload: Upload, delivery: number): Promise<void> => {
  const { library, log: batchLog, trace } = pipeline.ports;
  const log = batchLog.with({
    imageKey: upload.key,
    sourceBucket: upload.bucket,
    versionId: upload.versionId,
    sequencer: upload.sequencer,
  });
  if (isWatermark(pipeline.settings.renditions, upload.key)) {
    log.info("A watermark, no original");
    return;
  }
  const receipt = await trace.stage("receive", () => library.receive(upload));
  switch (receipt.outcome) {
    case "accepted":
      return settle(pipeline, log, upload);
    case "duplicate":
      log.info("Already processed");
      return;
    case "superseded":
      log.info("Superseded before it was processed", { bySequencer: receipt.by.sequencer });
      // An earlier delivery may have failed after it had stored renditions over those of the later upload.
      if (delivery > 1) await settle(pipeline, log, receipt.by);
      return;
    default:
      return receipt satisfies never;
  }
};
