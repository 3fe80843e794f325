/**
 * The variables that the function's configuration must set, all of them strings as Lambda hands them over.
 * This is the contract between whoever deploys the handler and `parseSettings`; a variable missing from a
 * deployment that uses this type does not compile. Lambda allows 4 KB for all of them together
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
export type HandlerEnvironment = {
  /** Name of the bucket whose events are handled; those of any other are refused. */
  readonly SOURCE_BUCKET: string;
  /** Name of the bucket the renditions are stored in. */
  readonly DESTINATION_BUCKET: string;
  /** Name of the DynamoDB table that holds the asset library. */
  readonly ASSET_TABLE: string;
  /** ARN of the SNS topic that notices are published to. */
  readonly NOTICE_TOPIC_ARN: string;
  /** ARN of the KMS key that the buckets are encrypted with: an original under another may never be readable. */
  readonly ENCRYPTION_KEY_ARN: string;
  /** JSON list of rendition specs; see `renditionSpecs`. */
  readonly RENDITIONS: string;
  /** Largest original that is read, in bytes; a whole number of at least 1. */
  readonly MAX_IMAGE_BYTES: string;
  /** Largest image that is decoded, in pixels (width times height); a whole number of at least 1. */
  readonly MAX_IMAGE_PIXELS: string;
  /** Longest time that one image may take, in seconds; a whole number of at least 1. */
  readonly MAX_IMAGE_SECONDS: string;
  /** Tries before a message goes to the dead-letter queue; a whole number of at least 1. */
  readonly MAX_RECEIVE_COUNT: string;
  /** What becomes of SVG drawings: `refuse` or `rasterise`. */
  readonly SVG: string;
  /** Pixels that the longer side of the JPEG in a HEIC must have to stand for it; a whole number of at least 1. */
  readonly HEIC_PREVIEW_SIDE: string;
  /** Names of the object tags that records keep, with commas between; empty for none. */
  readonly RECORD_TAGS: string;
  /** Whether records say where a photo was taken: `true` or `false`. */
  readonly KEEP_POSITION: string;
  /** How a notice links to a rendition: `console`, `none`, or an https base URL that the key is put after. */
  readonly RENDITION_LINKS: string;
  /** What becomes of the renditions of an original that is deleted or replaced: `keep` or `remove`. */
  readonly ON_DELETE: string;
  /** Which uploads people are told of: `every`, `failures`, or all of a time by a `digest`. */
  readonly NOTICES: string;
  /** SHA-256 of the function's zip, 64 hexadecimal digits: records say what they were made with. */
  readonly CODE_SHA256: string;
  /** Name of the DynamoDB table that outcomes are entered into for digests; only with `NOTICES` digest. */
  readonly DIGEST_TABLE?: string;
  /** Service name in log lines, metrics and traces. */
  readonly POWERTOOLS_SERVICE_NAME: string;
  /** CloudWatch namespace of the metrics. */
  readonly POWERTOOLS_METRICS_NAMESPACE: string;
  /** Least severe level that is logged: `DEBUG`, `INFO`, `WARN` or `ERROR`. */
  readonly POWERTOOLS_LOG_LEVEL: string;
};

/** The variables of the function that has originals processed once more for S3 Batch Operations; see `HandlerEnvironment`. */
export type ReprocessorEnvironment = Pick<
  HandlerEnvironment,
  "SOURCE_BUCKET" | "ASSET_TABLE" | "RENDITIONS" | "POWERTOOLS_SERVICE_NAME" | "POWERTOOLS_LOG_LEVEL"
> & {
  /** Address of the ingest queue. */
  readonly QUEUE_URL: string;
};

/** The variables of the function that sends digests; the contract between its deployment and `parseDigestSettings`. */
export type DigestEnvironment = Pick<
  HandlerEnvironment,
  | "SOURCE_BUCKET"
  | "DESTINATION_BUCKET"
  | "NOTICE_TOPIC_ARN"
  | "RENDITION_LINKS"
  | "POWERTOOLS_SERVICE_NAME"
  | "POWERTOOLS_LOG_LEVEL"
> & {
  /** Name of the DynamoDB table that outcomes are entered into. */
  readonly DIGEST_TABLE: string;
  /** Time zone of the times in a digest, by its IANA name. */
  readonly DIGEST_TIME_ZONE: string;
};
