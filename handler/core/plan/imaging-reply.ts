import * as z from "zod";
import type { Appearance } from "../source/appearance.ts";
import { KNOWN_FORMATS } from "../source/image-format.ts";
import type { ImageInfo } from "../source/image-info.ts";
import { RENDITION_FORMATS } from "../spec/format.ts";

/**
 * What the decoder answers, as a process that a hostile file has taken over could make it up: each value has bounds
 * within which records, manifests and mails can take it.
 */

/** Longest message in JSON, in bytes; a description of a file's metadata is the longest. */
export const MAX_REPLY_BYTES = 256 * 1024;

/** What the decoder may refuse a file with. */
export const IMAGING_CODES = [
  "UNSUPPORTED_FORMAT",
  "HEIC_NOT_DECODED",
  "SVG_NOT_ALLOWED",
  "CORRUPT_IMAGE",
  "WATERMARK_UNUSABLE",
  "TRANSFORM_FAILED",
] as const;

/** Longest reason, in characters; it goes into records and mails. */
const MAX_REASON = 1000;
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A text as a reason may hold it: one line, with nothing that changes how the rest is shown. */
export const asReason = (text: string): string =>
  text.replace(new RegExp(NOT_PRINTED, "gu"), " ").slice(0, MAX_REASON);

const reason = z
  .string()
  .max(MAX_REASON)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

/** The longest side that a file of any known format can claim: 32 bits. */
const side = z.int().min(1).max(0xffff_ffff);
const offset = z.int().min(0).max(0xffff_ffff);

const capture = z.object({
  camera: reason.max(100).optional(),
  takenAt: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?$/)
    .optional(),
  position: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
});

export const imageInfo = z.object({
  format: z.enum(KNOWN_FORMATS),
  width: side,
  height: side,
  // An animated PNG may claim that it has no frame.
  pages: z.int().min(0).max(0xffff_ffff),
  hasAlpha: z.boolean(),
  contents: z
    .array(
      z.object({ threshold: z.int().min(0).max(254), left: offset, top: offset, width: side, height: side }),
    )
    .max(255)
    .readonly()
    .optional(),
  isPreview: z.boolean().optional(),
  capture: capture.optional(),
  decodeBytes: z.number().min(0).optional(),
}) satisfies z.ZodType<ImageInfo>;

export const appearance = z.object({
  dominantColour: z.string().regex(/^#[0-9a-f]{6}$/),
  // 16 x 16 pixels take less than 2 KiB, however they are encoded.
  placeholder: z
    .string()
    .max(4096)
    .regex(/^data:image\/webp;base64,[A-Za-z0-9+/]+={0,2}$/),
  thumbHash: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/),
}) satisfies z.ZodType<Appearance>;

/** Number of the request that is answered. */
const number = z.int().min(1);

const reply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("inspected"), number, image: imageInfo }),
  // Key, size and all else are those of the plan.
  z.object({
    kind: z.literal("file"),
    number,
    name: z.string().max(1024),
    format: z.enum(RENDITION_FORMATS),
  }),
  z.object({ kind: z.literal("transformed"), number, appearance }),
  z.object({ kind: z.literal("described"), number, description: z.unknown() }),
  z.object({ kind: z.literal("error"), number, code: z.enum(IMAGING_CODES), message: reason, cause: reason }),
]);
export type ImagingReply = z.output<typeof reply>;

/** Reads a reply; `undefined` for any other text. */
export const parseImagingReply = (text: string): ImagingReply | undefined => {
  try {
    return reply.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};
