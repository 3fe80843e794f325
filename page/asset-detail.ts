import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Upload } from "../handler/core/events/s3-event.ts";
import type { StoredRendition } from "../handler/core/record/asset.ts";
import { manifestOf } from "../handler/core/record/manifest.ts";
import { assetRecord } from "../handler/core/record/record.ts";
import type { Settings } from "../handler/core/settings/settings.ts";
import { SOURCE_FORMATS } from "../handler/core/source/image-format.ts";
import { RENDITION_FORMATS } from "../handler/core/spec/format.ts";
import { specsFor } from "../handler/core/spec/rendition-spec.ts";
import { type LogLine, linesAbout, parseLogLine } from "../operator/health/log-line.ts";
import { readAttributes } from "../operator/library/asset-record.ts";
import type { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";
import { assetView } from "./asset-view.ts";
import { Refusal } from "./http.ts";
import type { Imaging, ImagingSettings } from "./imaging.ts";
import { journeyId, recordedJourney } from "./journey.ts";
import type { Journeys } from "./journeys.ts";
import type { AssetDetail, AssetView, MetadataComparison } from "./model.ts";
import { pictureElements } from "./picture.ts";

/** The renditions as the pipeline speaks of them; what it once wrote in a format that it knows no more is left out. */
const storedRenditions = ({ renditions }: AssetView): readonly StoredRendition[] =>
  renditions.flatMap(({ format, sha256 = "", ...rest }) => {
    const known = RENDITION_FORMATS.find((each) => each === format);
    return known === undefined ? [] : [{ ...rest, format: known, sha256 }];
  });

const uploadOf = (record: Readonly<Record<string, unknown>>): Upload => {
  const { SourceBucket, ImageKey, SizeBytes, ETag, VersionId, Sequencer, UploadTime } =
    assetRecord.parse(record);
  return {
    bucket: SourceBucket,
    key: ImageKey,
    sizeBytes: SizeBytes,
    eTag: ETag,
    versionId: VersionId,
    sequencer: Sequencer,
    uploadTime: UploadTime,
  };
};

/** Picture elements of every spec, made by the pipeline's own manifest, whether or not one is stored. */
const picturesOf = (
  asset: AssetView,
  record: Readonly<Record<string, unknown>>,
  { renditions: specs, links }: Pick<Settings, "renditions" | "links">,
): AssetDetail["pictures"] => {
  const { width, height, pages = 1, hasAlpha = false, dominantColour } = asset;
  const format = SOURCE_FORMATS.find((each) => each === asset.format);
  if (format === undefined || width === undefined || height === undefined || dominantColour === undefined) {
    return {};
  }
  const manifest = manifestOf(
    uploadOf(record),
    { format, width, height, pages, hasAlpha },
    { dominantColour, placeholder: asset.placeholder ?? "", thumbHash: asset.thumbHash ?? "" },
    specsFor(specs, asset.key).map((spec) => ({ ...spec, manifest: true })),
    storedRenditions(asset),
    links,
  );
  return manifest === undefined ? {} : pictureElements(manifest);
};

/** @throws {Refusal} 404 when there is no record */
export const readAsset = async (
  { aws, outputs }: DeployedPipeline,
  key: string,
): Promise<{ readonly record: Readonly<Record<string, unknown>>; readonly asset: AssetView }> => {
  const record = await readAttributes(aws, outputs.tableName, key);
  if (record === undefined) {
    throw new Refusal(404, `There is no record of ${key} (yet).`);
  }
  return { record, asset: assetView(assetRecord.parse(record)) };
};

export const readAssetDetail = async (
  pipeline: DeployedPipeline,
  journeys: Journeys,
  settings: () => Promise<Settings>,
  key: string,
): Promise<AssetDetail> => {
  const { record, asset } = await readAsset(pipeline, key);
  return {
    asset,
    record,
    journey: journeys.get(journeyId({ key, versionId: asset.versionId })) ?? recordedJourney(asset),
    pictures: asset.state === "PROCESSED" ? picturesOf(asset, record, await settings()) : {},
  };
};

/** Above what a page can well read, whatever the pipeline takes. */
const MAX_READ_BYTES = 256 * 1024 * 1024;

/** @throws {Refusal} 413 for an object that is too large to look into */
export const readObject = async (
  { aws }: DeployedPipeline,
  bucket: string,
  key: string,
  versionId?: string,
): Promise<Uint8Array> => {
  const { Body, ContentLength = 0 } = await aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
  );
  if (Body === undefined || ContentLength > MAX_READ_BYTES) {
    throw new Refusal(413, `${key} has ${ContentLength} bytes, too many to look into here.`);
  }
  return Body.transformToByteArray();
};

export const compareMetadata = async (
  pipeline: DeployedPipeline,
  imaging: Imaging,
  settings: ImagingSettings,
  key: string,
): Promise<MetadataComparison> => {
  const { asset } = await readAsset(pipeline, key);
  const told = async (bytes: Promise<Uint8Array>) => imaging.metadata(await bytes, settings);
  const { sourceBucket, destinationBucket } = pipeline.outputs;
  const largest = asset.renditions.toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0];
  const [original, rendition] = await Promise.all([
    told(readObject(pipeline, sourceBucket, key, asset.versionId)),
    largest === undefined ? [] : told(readObject(pipeline, destinationBucket, largest.key)),
  ]);
  return { original, rendition };
};

/** A clock of AWS may be ahead of another. Milliseconds. */
const CLOCK_SKEW_MS = 60_000;
/** Lines of the log that are looked through at most. */
const MAX_LOG_LINES = 50_000;

/** What the function has logged about this upload, from its arrival on, oldest first. */
export const readLogs = async (
  { aws, outputs }: DeployedPipeline,
  { key, uploadTime }: AssetView,
): Promise<readonly LogLine[]> => {
  const lines: LogLine[] = [];
  const pages = paginateFilterLogEvents(
    { client: aws.logs },
    { logGroupName: outputs.logGroupName, startTime: Date.parse(uploadTime) - CLOCK_SKEW_MS },
  );
  for await (const { events = [] } of pages) {
    lines.push(...events.flatMap(({ message = "" }) => parseLogLine(message) ?? []));
    if (lines.length > MAX_LOG_LINES) {
      break;
    }
  }
  return linesAbout(lines, key).filter(({ timestamp }) => timestamp >= uploadTime);
};
