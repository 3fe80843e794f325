import type { Target } from "../operator/target.ts";
import type { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";
import type { UploadedObject } from "../operator/uploads/upload-object.ts";
import type { Journeys } from "./journeys.ts";
import type { MailView, TargetView } from "./model.ts";

/** A resource as it is deployed, for the policy pack to judge. */
export type DeployedResource = {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly isProtected: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
};

/** The pipeline that a page shows, and what of it the page may do. */
export type PageTarget = {
  readonly view: TargetView;
  readonly pipeline: DeployedPipeline;
  /** The same, for the operator's functions. */
  readonly operated: Target;
  readonly journeys: Journeys;
  readonly resources: () => Promise<readonly DeployedResource[]>;
  /** How often the function's role has called each action, where somebody counts. */
  readonly calls: () => Promise<ReadonlyMap<string, number> | undefined>;
  /** Every mail since the beginning, then each as it comes. */
  readonly mails: (signal: AbortSignal) => AsyncIterable<MailView>;
  /** Keeps the journeys, where nobody else does, until the signal aborts; what it asks costs, so only while a page is seen. */
  readonly watch?: (signal: AbortSignal, isSeen: () => boolean) => Promise<void>;
  /** Told of each upload that the page has made. */
  readonly onUploaded: (uploaded: UploadedObject) => void;
};
