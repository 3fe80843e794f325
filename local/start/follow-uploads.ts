import type { DeployedPipeline } from "../../operator/uploads/deployed-pipeline.ts";
import { follow, newUploads, type Progress } from "../../operator/uploads/follow.ts";
import type { UploadedObject } from "../../operator/uploads/upload-object.ts";
import type { Journeys } from "../../page/journeys.ts";

export type UploadFollower = {
  /** Follows an upload from now on, unless it is followed already. */
  follow(uploaded: UploadedObject): void;
  /** Finds and follows every upload, in whatever way it comes, until the signal aborts. */
  followAll(): Promise<void>;
};

/** Follows each upload once, whoever tells of it, and keeps its journey. */
export const uploadFollower = (
  pipeline: DeployedPipeline,
  journeys: Journeys,
  signal: AbortSignal,
  onProgress: (key: string, progress: Progress) => void = () => {},
  onProblem: (key: string, error: unknown) => void = () => {},
): UploadFollower => {
  const followed = new Set<string>();
  const tell = async (uploaded: UploadedObject): Promise<void> => {
    for await (const progress of follow(pipeline, uploaded, signal)) {
      journeys.advance(uploaded, progress);
      onProgress(uploaded.key, progress);
    }
  };
  const start = (uploaded: UploadedObject): void => {
    const { id } = journeys.begin(uploaded);
    if (!followed.has(id)) {
      followed.add(id);
      tell(uploaded).catch((error: unknown) => {
        if (!signal.aborted) {
          onProblem(uploaded.key, error);
        }
      });
    }
  };
  return {
    follow: start,
    followAll: async () => {
      for await (const uploaded of newUploads(pipeline, signal)) {
        start(uploaded);
      }
    },
  };
};
