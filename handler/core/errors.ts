import { plain, plainLines } from "./strangers-text.ts";

/** Trying again cannot help: the image is recorded as FAILED with the code as its reason, and the message is acknowledged. */
export const PERMANENT_CODES = [
  "EMPTY_OBJECT",
  "UNSUPPORTED_FORMAT",
  "HEIC_NOT_DECODED",
  "SVG_NOT_ALLOWED",
  "CORRUPT_IMAGE",
  "TOO_MANY_BYTES",
  "TOO_MANY_PIXELS",
  "TOO_MUCH_MEMORY",
  "DECODER_CRASHED",
  "TOO_MUCH_TIME",
  "RENDITION_TOO_LARGE",
  "KEY_TOO_LONG",
  "SOURCE_MISSING",
  "SOURCE_REPLACED",
  "SOURCE_ARCHIVED",
  "SOURCE_ENCRYPTED_BY_CUSTOMER",
  "SOURCE_KEY_UNUSABLE",
] as const;

/** Trying again may help: the message goes back to the queue and, after enough tries, to the dead-letter queue. */
export const RETRYABLE_CODES = [
  "INVALID_SETTINGS",
  "MALFORMED_MESSAGE",
  "WRONG_BUCKET",
  "OUT_OF_TIME",
  "READ_FAILED",
  "WATERMARK_UNUSABLE",
  "TRANSFORM_FAILED",
  "STORE_FAILED",
  "REMOVE_FAILED",
  "RECORD_FAILED",
  "NOTIFY_FAILED",
  "SEND_FAILED",
] as const;

export type PermanentCode = (typeof PERMANENT_CODES)[number];
export type RetryableCode = (typeof RETRYABLE_CODES)[number];
export type ErrorCode = PermanentCode | RetryableCode;

/**
 * The handler's only kind of error: `code` for machines, `message` a sentence for people, `cause` what the vendor
 * threw. Adapters translate into it. A message may repeat what strangers wrote, so it is one plain line; only
 * problems with settings, which are the owner's, have a line each.
 */
export class PipelineError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(code === "INVALID_SETTINGS" ? plainLines(message) : plain(message), options);
    this.name = "PipelineError";
    this.code = code;
    this.retryable = RETRYABLE_CODES.some((retryable) => retryable === code);
  }
}

export const isPermanent = (error: unknown): error is PipelineError<PermanentCode> =>
  error instanceof PipelineError && !error.retryable;
