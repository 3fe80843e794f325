import * as z from "zod";
import type { ImageLimits } from "../source/limits.ts";
import type { AcceptedInput } from "../source/source-image.ts";
import { type RenditionSpec, renditionSpecs } from "../spec/rendition-spec.ts";
import type { HandlerEnvironment } from "./environment.ts";
import {
  keyArn,
  links,
  logLevel,
  name,
  parseVariables,
  type RenditionLinks,
  topicArn,
  type Variables,
} from "./variables.ts";

const ON_DELETE = ["keep", "remove"] as const;

/** Whether renditions go when their original is deleted, or replaced by one that has others. */
export type OnDelete = (typeof ON_DELETE)[number];

const NOTICES = ["every", "failures", "digest"] as const;

/** Which uploads people are told of: each by a mail of its own, or all of a time by one. */
export type Notices = (typeof NOTICES)[number];

export type Settings = {
  readonly region: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly assetTable: string;
  readonly noticeTopicArn: string;
  /** ARN of the key that the buckets are encrypted with. */
  readonly encryptionKeyArn: string;
  readonly renditions: readonly RenditionSpec[];
  readonly limits: ImageLimits;
  readonly input: AcceptedInput;
  /** Names of the object tags that records keep. */
  readonly recordTags: readonly string[];
  /** Records say where a photo was taken. */
  readonly keepsPosition: boolean;
  /** Longest time that one image may take to decode and encode, in seconds; what takes longer is stopped. */
  readonly maxImageSeconds: number;
  /** Tries before a message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
  readonly links: RenditionLinks;
  readonly onDelete: OnDelete;
  readonly notices: Notices;
  /** SHA-256 of the function's zip, in hexadecimal. */
  readonly codeSha256: string;
  /** Where outcomes are entered for digests; there when `notices` is digest. */
  readonly digestTable?: string | undefined;
  readonly serviceName: string;
  readonly metricsNamespace: string;
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** Threads that decode and encode one image: whole vCPUs of the function, at least 1. */
  readonly imagingThreads: number;
};

/** Memory that comes with one vCPU, in MiB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const MEMORY_MIB_PER_VCPU = 1769;

const whole = z
  .string("expected a whole number, got nothing")
  .regex(/^[1-9]\d{0,14}$/, "expected a whole number of at least 1")
  .transform(Number);

/** Rendition specs as JSON, to be parsed on. */
export const json = z
  .string("expected a JSON list of rendition specs, got nothing")
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "expected a JSON list of rendition specs, got no JSON" });
      return z.NEVER;
    }
  });

const yesOrNo = z.enum(["true", "false"], "expected true or false").transform((text) => text === "true");

const tagNames = z
  .string("expected names of tags with commas between, got nothing")
  .transform((text) => text.split(",").filter((tag) => tag !== ""));

const environment = z
  .object({
    SOURCE_BUCKET: name,
    DESTINATION_BUCKET: name,
    ASSET_TABLE: name,
    NOTICE_TOPIC_ARN: topicArn,
    ENCRYPTION_KEY_ARN: keyArn,
    RENDITIONS: json.pipe(renditionSpecs),
    MAX_IMAGE_BYTES: whole,
    MAX_IMAGE_PIXELS: whole,
    MAX_IMAGE_SECONDS: whole,
    MAX_RECEIVE_COUNT: whole,
    SVG: z.enum(["refuse", "rasterise"], "expected refuse or rasterise"),
    HEIC_PREVIEW_SIDE: whole,
    RECORD_TAGS: tagNames,
    KEEP_POSITION: yesOrNo,
    RENDITION_LINKS: links,
    ON_DELETE: z.enum(ON_DELETE, `expected one of ${ON_DELETE.join(", ")}`),
    NOTICES: z.enum(NOTICES, `expected one of ${NOTICES.join(", ")}`),
    DIGEST_TABLE: name.optional(),
    CODE_SHA256: z
      .string("expected the SHA-256 of the function's zip, got nothing")
      .regex(/^[0-9a-f]{64}$/, "expected the SHA-256 of the function's zip, 64 hexadecimal digits"),
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: name,
    POWERTOOLS_LOG_LEVEL: logLevel,
    AWS_REGION: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: whole.optional(),
  } satisfies Record<
    keyof HandlerEnvironment | "AWS_REGION" | "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    z.ZodType<unknown, string | undefined>
  >)
  .refine(({ NOTICES: notices, DIGEST_TABLE: table }) => (notices === "digest") === (table !== undefined), {
    path: ["DIGEST_TABLE"],
    error: "expected a name with NOTICES digest, and nothing without",
  });

/**
 * Reads the function's environment. `AWS_REGION` and `AWS_LAMBDA_FUNCTION_MEMORY_SIZE` are set by Lambda, the others by
 * `HandlerEnvironment`.
 * @throws PipelineError INVALID_SETTINGS, one line for every problem
 */
export const parseSettings = (variables: Variables): Settings => {
  const data = parseVariables(environment, variables);
  const memoryMib = data.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  const imagingThreads = Math.max(1, Math.floor((memoryMib ?? MEMORY_MIB_PER_VCPU) / MEMORY_MIB_PER_VCPU));
  return {
    region: data.AWS_REGION,
    sourceBucket: data.SOURCE_BUCKET,
    destinationBucket: data.DESTINATION_BUCKET,
    assetTable: data.ASSET_TABLE,
    noticeTopicArn: data.NOTICE_TOPIC_ARN,
    encryptionKeyArn: data.ENCRYPTION_KEY_ARN,
    renditions: data.RENDITIONS,
    limits: {
      maxBytes: data.MAX_IMAGE_BYTES,
      maxPixels: data.MAX_IMAGE_PIXELS,
      memoryBytes: memoryMib === undefined ? undefined : memoryMib * 1024 ** 2,
      lanes: imagingThreads,
    },
    input: { allowsSvg: data.SVG === "rasterise", heicPreviewSide: data.HEIC_PREVIEW_SIDE },
    recordTags: data.RECORD_TAGS,
    keepsPosition: data.KEEP_POSITION,
    maxImageSeconds: data.MAX_IMAGE_SECONDS,
    maxReceiveCount: data.MAX_RECEIVE_COUNT,
    links: data.RENDITION_LINKS,
    onDelete: data.ON_DELETE,
    notices: data.NOTICES,
    codeSha256: data.CODE_SHA256,
    digestTable: data.DIGEST_TABLE,
    serviceName: data.POWERTOOLS_SERVICE_NAME,
    metricsNamespace: data.POWERTOOLS_METRICS_NAMESPACE,
    logLevel: data.POWERTOOLS_LOG_LEVEL,
    imagingThreads,
  };
};
