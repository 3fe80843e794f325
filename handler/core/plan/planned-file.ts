import { imageHeader } from "../source/header/image-header.ts";
import { knownFormat } from "../source/image-format.ts";
import type { RenditionFormat } from "../spec/format.ts";
import { hashedKey, KEY_HASH_LENGTH } from "../spec/rendition-key.ts";
import type { RenditionPlan, TransformPlan } from "./plan.ts";

/** One file of a plan, before it is made. */
export type Planned = { readonly plan: TransformPlan; readonly rendition: RenditionPlan };

/** Every file of the plans, by `nameOfFile`. */
export const plannedFiles = (plans: readonly TransformPlan[]): Map<string, Planned> =>
  new Map(
    plans.flatMap((plan) =>
      plan.renditions.map((rendition) => [
        nameOfFile({ name: plan.name, format: rendition.format }),
        { plan, rendition },
      ]),
    ),
  );

/** What tells a file from all others of one original. */
export const nameOfFile = (file: { readonly name: string; readonly format: RenditionFormat }): string =>
  `${file.name}.${file.format}`;

/**
 * A planned file with its content: everything but the bytes comes from the plan.
 * @param sha256 of the bytes, in hexadecimal
 */
export const madeFile = (
  { plan: { name, size }, rendition }: Planned,
  bytes: Uint8Array,
  sha256: (bytes: Uint8Array) => string,
) => {
  const { format, cacheControl, hasHashedKey } = rendition;
  const key =
    hasHashedKey === true ? hashedKey(rendition.key, sha256(bytes).slice(0, KEY_HASH_LENGTH)) : rendition.key;
  return { name, key, format, ...size, cacheControl, bytes };
};

/**
 * More than any encoder writes for a pixel: AVIF without loss takes 5.7 bytes for noise in four channels. And more than a
 * header, profile and notice of a file take.
 */
const MOST_BYTES_A_PIXEL = 8;
const MOST_BYTES_BESIDES = 1024 ** 2;

/** Bytes that a planned file has at most. */
export const mostBytes = ({ plan: { size, frames = 1 } }: Planned): number =>
  MOST_BYTES_BESIDES + size.width * size.height * frames * MOST_BYTES_A_PIXEL;

/** Whether a file begins as one of the planned format and size. */
export const looksAsPlanned = (
  { plan: { size }, rendition: { format } }: Planned,
  bytes: Uint8Array,
): boolean => {
  if (knownFormat(bytes) !== format) return false;
  const header = imageHeader(bytes, format);
  return header?.width === size.width && header.height === size.height;
};
