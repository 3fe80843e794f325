import * as z from "zod";
import type { HandlerEnvironment } from "./environment.ts";
import { PipelineError } from "./errors.ts";
import type { ImageLimits } from "./image-budget.ts";
import type { AcceptedInput } from "./picture.ts";
import { type RenditionSpec, renditionSpecs } from "./rendition.ts";

/** How a notice links to what is stored: the AWS console, not at all, or below a base URL (no slash at its end). */
export type RenditionLinks =
  | { readonly kind: "console" }
  | { readonly kind: "none" }
  | { readonly kind: "base"; readonly url: string };

const ON_DELETE = ["keep", "remove"] as const;

/** Whether renditions go when their original is deleted, or replaced by one that has others. */
export type OnDelete = (typeof ON_DELETE)[number];

const NOTICES = ["every", "failures"] as const;

/** Which uploads people are told of. */
export type Notices = (typeof NOTICES)[number];

export type Settings = {
  readonly region: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly assetTable: string;
  readonly noticeTopicArn: string;
  readonly renditions: readonly RenditionSpec[];
  readonly limits: ImageLimits;
  readonly input: AcceptedInput;
  /** Records say where a photo was taken. */
  readonly keepsPosition: boolean;
  /** Longest time that one image may take to decode and encode, in seconds; what takes longer is stopped. */
  readonly maxImageSeconds: number;
  readonly links: RenditionLinks;
  readonly onDelete: OnDelete;
  readonly notices: Notices;
  /** SHA-256 of the function's zip, in hexadecimal. */
  readonly codeSha256: string;
  readonly serviceName: string;
  readonly metricsNamespace: string;
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** Threads that decode and encode one image: whole vCPUs of the function, at least 1. */
  readonly imagingThreads: number;
};

/** Memory that comes with one vCPU, in MiB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const MEMORY_MIB_PER_VCPU = 1769;

/** A name that a variable gives. */
export const name = z.string("expected a name, got nothing").min(1, "expected a name, got an empty value");

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

const isBaseUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" && url.search === "" && url.hash === "" && url.username === "";
};

const links = z
  .string("expected console, none or an https base URL, got nothing")
  .transform((text, context): RenditionLinks => {
    if (text === "console" || text === "none") return { kind: text };
    if (isBaseUrl(text)) return { kind: "base", url: text.replace(/\/+$/, "") };
    context.addIssue({
      code: "custom",
      message: "expected console, none or an https base URL without query, fragment or user",
    });
    return z.NEVER;
  });

const yesOrNo = z.enum(["true", "false"], "expected true or false").transform((text) => text === "true");

export const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

const environment = z.object({
  SOURCE_BUCKET: name,
  DESTINATION_BUCKET: name,
  ASSET_TABLE: name,
  NOTICE_TOPIC_ARN: z
    .string("expected the ARN of an SNS topic, got nothing")
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/, "expected the ARN of an SNS topic"),
  RENDITIONS: json.pipe(renditionSpecs),
  MAX_IMAGE_BYTES: whole,
  MAX_IMAGE_PIXELS: whole,
  MAX_IMAGE_SECONDS: whole,
  SVG: z.enum(["refuse", "rasterise"], "expected refuse or rasterise"),
  HEIC_PREVIEW_SIDE: whole,
  KEEP_POSITION: yesOrNo,
  RENDITION_LINKS: links,
  ON_DELETE: z.enum(ON_DELETE, `expected one of ${ON_DELETE.join(", ")}`),
  NOTICES: z.enum(NOTICES, `expected one of ${NOTICES.join(", ")}`),
  CODE_SHA256: z
    .string("expected the SHA-256 of the function's zip, got nothing")
    .regex(/^[0-9a-f]{64}$/, "expected the SHA-256 of the function's zip, 64 hexadecimal digits"),
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_METRICS_NAMESPACE: name,
  POWERTOOLS_LOG_LEVEL: z.enum(LEVELS, `expected one of ${LEVELS.join(", ")}`),
  AWS_REGION: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: whole.optional(),
} satisfies Record<
  keyof HandlerEnvironment | "AWS_REGION" | "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  z.ZodType<unknown, string | undefined>
>);

const place = ([variable, ...rest]: readonly PropertyKey[]): string =>
  rest.reduce<string>(
    (path, part) => (typeof part === "number" ? `${path}[${part}]` : `${path}.${String(part)}`),
    String(variable),
  );

/**
 * Reads variables, once, at a function's start.
 * @throws PipelineError INVALID_SETTINGS, one line for every problem
 */
export const parseVariables = <Output>(
  schema: z.ZodType<Output>,
  variables: Readonly<Record<string, string | undefined>>,
): Output => {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `- ${place(path)}: ${message}`);
  throw new PipelineError(
    "INVALID_SETTINGS",
    `The function's environment is not usable:\n${problems.join("\n")}`,
  );
};

/**
 * Reads the function's environment. `AWS_REGION` and `AWS_LAMBDA_FUNCTION_MEMORY_SIZE` are set by Lambda, the others by
 * `HandlerEnvironment`.
 * @throws PipelineError INVALID_SETTINGS, one line for every problem
 */
export const parseSettings = (variables: Readonly<Record<string, string | undefined>>): Settings => {
  const data = parseVariables(environment, variables);
  const memoryMib = data.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  const imagingThreads = Math.max(1, Math.floor((memoryMib ?? MEMORY_MIB_PER_VCPU) / MEMORY_MIB_PER_VCPU));
  return {
    region: data.AWS_REGION,
    sourceBucket: data.SOURCE_BUCKET,
    destinationBucket: data.DESTINATION_BUCKET,
    assetTable: data.ASSET_TABLE,
    noticeTopicArn: data.NOTICE_TOPIC_ARN,
    renditions: data.RENDITIONS,
    limits: {
      maxBytes: data.MAX_IMAGE_BYTES,
      maxPixels: data.MAX_IMAGE_PIXELS,
      memoryBytes: memoryMib === undefined ? undefined : memoryMib * 1024 ** 2,
      lanes: imagingThreads,
    },
    input: { allowsSvg: data.SVG === "rasterise", heicPreviewSide: data.HEIC_PREVIEW_SIDE },
    keepsPosition: data.KEEP_POSITION,
    maxImageSeconds: data.MAX_IMAGE_SECONDS,
    links: data.RENDITION_LINKS,
    onDelete: data.ON_DELETE,
    notices: data.NOTICES,
    codeSha256: data.CODE_SHA256,
    serviceName: data.POWERTOOLS_SERVICE_NAME,
    metricsNamespace: data.POWERTOOLS_METRICS_NAMESPACE,
    logLevel: data.POWERTOOLS_LOG_LEVEL,
    imagingThreads,
  };
};
