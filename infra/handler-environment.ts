import type { Input } from "@pulumi/pulumi";
import type { HandlerEnvironment } from "../handler/core/settings/environment.ts";
import { METRICS_NAMESPACE } from "./dashboard.ts";
import type { Settings } from "./settings.ts";

/** Share of a run's time that one image may take: after one that takes all of it, the others of its batch get theirs. */
const SHARE_OF_AN_IMAGE = 0.4;

/** The handler's variables, as values that may not be known before the deployment. */
export type HandlerEnvironmentInputs = { readonly [Variable in keyof HandlerEnvironment]: Input<string> };

export type HandlerEnvironmentArgs = {
  readonly settings: Pick<
    Settings,
    | "heicPreviewSide"
    | "keepPosition"
    | "logLevel"
    | "maxImageBytes"
    | "maxImagePixels"
    | "maxImageSeconds"
    | "maxReceiveCount"
    | "notices"
    | "onDelete"
    | "recordTags"
    | "svg"
    | "timeoutSeconds"
  >;
  /** The rendition specs as the handler's own parser gave them. */
  readonly renditions: readonly unknown[];
  readonly sourceBucket: Input<string>;
  readonly destinationBucket: Input<string>;
  readonly assetTable: Input<string>;
  /** Where outcomes are entered for digests; undefined when none are sent. */
  readonly digestTable: Input<string> | undefined;
  readonly topicArn: Input<string>;
  /** The key that the buckets are encrypted with. */
  readonly keyArn: Input<string>;
  /** How notices and manifests link to renditions: `console`, `none` or an https address. */
  readonly renditionLinks: Input<string>;
  /** SHA-256 of the function's zip, in hexadecimal. */
  readonly codeSha256: string;
  /** Name of the service in log lines, metrics and traces. */
  readonly serviceName: string;
};

/** Every variable that the handler reads; one that is missing does not compile. */
export const handlerEnvironment = ({
  settings,
  ...args
}: HandlerEnvironmentArgs): HandlerEnvironmentInputs => ({
  SOURCE_BUCKET: args.sourceBucket,
  DESTINATION_BUCKET: args.destinationBucket,
  ASSET_TABLE: args.assetTable,
  NOTICE_TOPIC_ARN: args.topicArn,
  ENCRYPTION_KEY_ARN: args.keyArn,
  RENDITIONS: JSON.stringify(args.renditions),
  MAX_IMAGE_BYTES: String(settings.maxImageBytes),
  MAX_IMAGE_PIXELS: String(settings.maxImagePixels),
  MAX_IMAGE_SECONDS: String(
    settings.maxImageSeconds ?? Math.floor(settings.timeoutSeconds * SHARE_OF_AN_IMAGE),
  ),
  MAX_RECEIVE_COUNT: String(settings.maxReceiveCount),
  SVG: settings.svg,
  HEIC_PREVIEW_SIDE: String(settings.heicPreviewSide),
  RECORD_TAGS: settings.recordTags.join(","),
  KEEP_POSITION: String(settings.keepPosition),
  RENDITION_LINKS: args.renditionLinks,
  ON_DELETE: settings.onDelete,
  NOTICES: settings.notices,
  CODE_SHA256: args.codeSha256,
  ...(args.digestTable === undefined ? {} : { DIGEST_TABLE: args.digestTable }),
  POWERTOOLS_SERVICE_NAME: args.serviceName,
  POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
  POWERTOOLS_LOG_LEVEL: settings.logLevel,
});
