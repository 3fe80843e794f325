import type { LoggedError } from "../operator/health/log-line.ts";
import type { Progress } from "../operator/uploads/follow.ts";
import type { UploadedObject } from "../operator/uploads/upload-object.ts";
import { assetView } from "./asset-view.ts";
import type { AssetView, Journey, Station, StationState } from "./model.ts";

type Stations = Journey["stations"];

const WAITING: StationState = { state: "waiting" };
const done = (at?: string): StationState => ({ state: "done", at });

export const journeyId = ({ key, versionId }: UploadedObject): string => `${versionId ?? ""} ${key}`;

/** An upload that S3 has just taken. S3 hands its event to the queue at once. */
export const begunJourney = (uploaded: UploadedObject, at: Date): Journey => ({
  id: journeyId(uploaded),
  key: uploaded.key,
  versionId: uploaded.versionId,
  stations: {
    uploaded: done(at.toISOString()),
    queued: { state: "active", at: at.toISOString() },
    processing: WAITING,
    stored: WAITING,
    recorded: WAITING,
    mailed: WAITING,
  },
  outcome: "under way",
  tries: [],
});

/** When work on the upload began: the record tells when it ended and how long it took. */
const startOf = ({ processedAt, durationMs }: AssetView): string | undefined =>
  processedAt === undefined || durationMs === undefined
    ? undefined
    : new Date(Date.parse(processedAt) - durationMs).toISOString();

/** Stations of an upload whose outcome is recorded. */
const outcomeStations = (asset: AssetView, recordedAt: string | undefined): Stations => {
  const isFailed = asset.state === "FAILED";
  return {
    uploaded: done(asset.uploadTime),
    queued: done(asset.uploadTime),
    processing: { state: isFailed ? "failed" : "done", at: startOf(asset) },
    stored: isFailed ? { state: "skipped" } : done(asset.processedAt),
    recorded: done(recordedAt),
    mailed: asset.notifiedAt === undefined ? { state: "active" } : done(asset.notifiedAt),
  };
};

/** The journey of an upload that nobody watched, as its record tells it. */
export const recordedJourney = (asset: AssetView): Journey => {
  const isUnderWay = asset.state === "RECEIVED";
  return {
    id: journeyId({ key: asset.key, versionId: asset.versionId }),
    key: asset.key,
    versionId: asset.versionId,
    stations: isUnderWay
      ? {
          uploaded: done(asset.uploadTime),
          queued: done(asset.uploadTime),
          processing: { state: "active" },
          stored: WAITING,
          recorded: WAITING,
          mailed: WAITING,
        }
      : outcomeStations(asset, asset.processedAt),
    outcome: isUnderWay ? "under way" : asset.state === "FAILED" ? "failed" : "processed",
    tries: [],
    asset,
  };
};

const reasonOf = (error: LoggedError | undefined): string =>
  error === undefined
    ? "The log does not tell why."
    : `${error.code ?? error.name}: ${error.message}${error.cause === undefined ? "" : ` (${error.cause.name})`}`;

const withStations = (journey: Journey, stations: Partial<Record<Station, StationState>>): Journey => ({
  ...journey,
  stations: { ...journey.stations, ...stations },
});

/** No time is known better than when it was seen, and none can be later than that. */
const earliest = (a: string, b: string | undefined): string => (b !== undefined && b < a ? b : a);

/**
 * The journey after what has happened.
 *
 * @param seenAt when it was seen to happen
 */
export const advancedJourney = (journey: Journey, progress: Progress, seenAt: Date): Journey => {
  const now = seenAt.toISOString();
  switch (progress.kind) {
    case "received": {
      const asset = assetView(progress.record);
      return {
        ...withStations(journey, {
          uploaded: done(asset.uploadTime),
          queued: done(asset.uploadTime),
          processing: { state: "active", at: now },
        }),
        asset,
      };
    }
    case "processed":
    case "failed": {
      const asset = assetView(progress.record);
      const stations = outcomeStations(asset, earliest(now, asset.notifiedAt));
      return { ...journey, asset, stations, outcome: progress.kind };
    }
    case "mailed": {
      const asset = assetView(progress.record);
      return { ...withStations(journey, { mailed: done(asset.notifiedAt) }), asset };
    }
    case "given-back": {
      const { line, retry } = progress;
      const number = line.delivery ?? journey.tries.length + 1;
      const isLast = number >= retry.maxReceiveCount;
      return {
        ...withStations(journey, {
          queued: { state: isLast ? "done" : "active", at: line.timestamp },
          processing: isLast ? { state: "failed", at: line.timestamp } : WAITING,
        }),
        tries: [
          ...journey.tries,
          {
            number,
            of: retry.maxReceiveCount,
            at: line.timestamp,
            reason: reasonOf(line.error),
            againInMs: isLast ? undefined : retry.visibilityTimeoutSeconds * 1000,
          },
        ],
      };
    }
    case "dead":
      return {
        ...withStations(journey, {
          processing: { state: "failed", at: journey.stations.processing.at ?? now },
          stored: { state: "skipped" },
          recorded: { state: "skipped" },
          mailed: { state: "skipped" },
        }),
        outcome: "dead",
      };
    case "deleted":
    case "replaced":
      return { ...journey, outcome: "replaced" };
    default:
      return progress satisfies never;
  }
};
