import type { Appearance, Asset, StoredRendition } from "../core/asset.ts";
import { refuseBySize } from "../core/byte-limit.ts";
import { falseClaims } from "../core/declared-type.ts";
import { isPermanent } from "../core/errors.ts";
import { knownFormat } from "../core/image-format.ts";
import { entryOfAsset } from "../core/ledger.ts";
import { type IsLeftOver, madeBy, madeUntil } from "../core/left-over.ts";
import { manifestOf } from "../core/manifest.ts";
import { isWorthANotice, noticeFor } from "../core/notice.ts";
import { manifestKey } from "../core/object-key.ts";
import { imageByFirstBytes, refuseByFirstBytes } from "../core/picture.ts";
import { type ImageInfo, planTransforms, type TransformPlan } from "../core/plan.ts";
import { isWatermark, specsFingerprint, specsFor } from "../core/rendition.ts";
import type { Settings } from "../core/settings.ts";
import { watermarkKeys } from "../core/steps.ts";
import { thresholdsOf } from "../core/trim.ts";
import type { Upload } from "../core/upload-event.ts";
import type { Arrival, Expected, Log, Ports, Standing, Watermarks } from "../ports.ts";
import type { InTurn } from "./in-turn.ts";
import { type RenditionStorage, renditionStorage } from "./rendition-storage.ts";
import type { InRoom } from "./room.ts";
import type { TimeLeft } from "./time-left.ts";

export type Pipeline = {
  readonly ports: Ports;
  readonly settings: Pick<
    Settings,
    | "region"
    | "sourceBucket"
    | "destinationBucket"
    | "renditions"
    | "limits"
    | "input"
    | "links"
    | "notices"
    | "onDelete"
  >;
  /** Shared by uploads in work at once: one image is decoded at a time, since its pixels are most of the memory. */
  readonly inTurn: InTurn;
  /** Shared too, in bytes: originals that are held at once. */
  readonly inRoom: InRoom;
  readonly time: TimeLeft;
};

/** One step of the story, shown in the trace, and not begun when the run is about to end. */
const step = <Result>(
  { ports: { trace }, time }: Pipeline,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> => {
  time.check();
  return trace.stage(name, run);
};

/** The keys of an original's renditions, and that of their manifest. */
export const withManifest = (originalKey: string, keys: readonly string[]): readonly string[] =>
  keys.length === 0 ? [] : [...keys, manifestKey(originalKey)];

/** Deletes what is left over beside an original's renditions, where the configuration wants that; tells how much. */
export const removeLeftOver = async (
  pipeline: Pipeline,
  originalKey: string,
  isLeftOver: IsLeftOver,
): Promise<number> => {
  if (pipeline.settings.onDelete === "keep") return 0;
  const removed = await step(pipeline, "remove", () =>
    pipeline.ports.renditions.remove(originalKey, isLeftOver),
  );
  return removed.length;
};

/**
 * Deletes what an event has stored, when the record is another's, but for what the record lists: an attempt that did
 * not end may have stored what none of the other's renditions took the place of.
 */
export const removeUnlisted = async (
  pipeline: Pipeline,
  { key, sequencer }: Pick<Upload, "key" | "sequencer">,
  { bySequencer, listedKeys }: Standing,
): Promise<void> => {
  if (bySequencer === sequencer) return;
  await removeLeftOver(pipeline, key, madeBy(sequencer, withManifest(key, listedKeys)));
};

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
  }, ports.digest);
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
const makeAsset = async (pipeline: Pipeline, upload: Upload, expected: Expected): Promise<Asset> => {
  const { source, imaging, clock, digest, madeWith } = pipeline.ports;
  const { renditions: specs, limits, input } = pipeline.settings;
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
      const sha256 = digest(bytes);
      return { state: "PROCESSED", ...outcome(), sha256, image, appearance, renditions, transformMs };
    });
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

/** Every key that the asset has in the destination bucket. */
const keysOf = (asset: Asset): readonly string[] =>
  asset.state === "FAILED"
    ? []
    : withManifest(
        asset.upload.key,
        asset.renditions.map(({ key }) => key),
      );

/** Sends the asset's notice, or enters it for the next digest, or leaves it at that. */
const tell = async (pipeline: Pipeline, asset: Asset): Promise<void> => {
  const { notifier, ledger, clock } = pipeline.ports;
  if (ledger !== undefined) {
    await step(pipeline, "enter", () => ledger.enter(entryOfAsset(asset), clock.now()));
  } else if (isWorthANotice(asset, pipeline.settings.notices)) {
    await step(pipeline, "notify", () => notifier.notify(noticeFor(asset, pipeline.settings)));
  }
};

/** From an accepted upload to its notice. Each step may be repeated: a crash between two repeats, it loses nothing. */
const settle = async (pipeline: Pipeline, log: Log, upload: Upload, expected: Expected): Promise<void> => {
  const { library, clock } = pipeline.ports;
  const asset = await makeAsset(pipeline, upload, expected);
  const recorded = await step(pipeline, "record", () => library.record(asset));
  switch (recorded.outcome) {
    case "duplicate":
      log.info("Already processed");
      await removeUnlisted(pipeline, upload, recorded);
      return;
    case "superseded":
      log.info("Superseded while it was processed", { bySequencer: recorded.bySequencer });
      await removeUnlisted(pipeline, upload, recorded);
      return;
    case "recorded":
      break;
    default:
      return recorded satisfies never;
  }
  report(pipeline, log, asset);
  if (expected === "earlier renditions") {
    await removeLeftOver(pipeline, upload.key, madeUntil(upload.sequencer, keysOf(asset)));
  }
  if (!recorded.isNotified) {
    if (upload.isQuiet !== true) await tell(pipeline, asset);
    await library.markNotified(upload, clock.now());
  }
};

/**
 * Processes one upload: receive, read, inspect, plan, transform, store, record, notify.
 * Notices are sent at least once: a crash between the notice and its mark sends it again.
 * @param isAgain process it although it is done
 * @throws PipelineError that is retryable, for the message to come again
 */
export const processUpload = async (pipeline: Pipeline, upload: Upload, isAgain = false): Promise<void> => {
  const { library, log: batchLog } = pipeline.ports;
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
  const receipt = await step(pipeline, "receive", () => library.receive(upload, isAgain));
  switch (receipt.outcome) {
    case "accepted":
      return settle(pipeline, log, upload, receipt.expected);
    case "duplicate":
      log.info("Already processed");
      await removeUnlisted(pipeline, upload, receipt);
      return;
    case "superseded":
      log.info("Superseded before it was processed", { bySequencer: receipt.bySequencer });
      await removeUnlisted(pipeline, upload, receipt);
      return;
    case "contradicted":
      log.info("Changed since the same event was handled before");
      return;
    default:
      return receipt satisfies never;
  }
};
