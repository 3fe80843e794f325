import type { Target } from "../../operator/target.ts";
import type { DeployedPipeline } from "../deployed-pipeline.ts";
import type { UploadedObject } from "../upload-object.ts";
import type { Journeys } from "./journeys.ts";
import type { MailView, TargetView } from "./model.ts";

/** The pipeline that a page shows, and what of it the page may do. */
export interface PageTarget {
  readonly view: TargetView;
  readonly pipeline: DeployedPipeline;
  /** The same, for the operator's functions. */
  readonly operated: Target;
  readonly journeys: Journeys;
  /** Every mail since the beginning, then each as it comes. */
  readonly mails: (signal: AbortSignal) => AsyncIterable<MailView>;
  /** Told of each upload that the page has made. */
  readonly onUploaded: (uploaded: UploadedObject) => void;
}
