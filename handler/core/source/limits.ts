import { PipelineError } from "../errors.ts";

export type ImageLimits = {
  /** Largest original, in bytes. */
  readonly maxBytes: number;
  /** Most pixels (width times height times frames that are decoded) of an original, and of a rendition. */
  readonly maxPixels: number;
  /** Memory of the function, in bytes; without it, memory is not judged. */
  readonly memoryBytes?: number | undefined;
  /** Files that are encoded at once. @default 1 */
  readonly lanes?: number | undefined;
};

export type Area = { readonly width: number; readonly height: number };

export const area = ({ width, height }: Area): number => width * height;

export const count = (value: number): string => value.toLocaleString("en");

export const shown = ({ width, height }: Area): string => `${width} x ${height} pixels`;

/**
 * Judges the pixels of an original before one is decoded.
 * @param frames how many of its frames are decoded
 * @throws PipelineError TOO_MANY_PIXELS
 */
export const refuseTooManyPixels = (
  image: Area,
  frames: number,
  { maxPixels }: Pick<ImageLimits, "maxPixels">,
): void => {
  const pixels = area(image) * frames;
  if (pixels <= maxPixels) return;
  const what =
    frames === 1 ? `The image has ${shown(image)}` : `${count(frames)} frames have ${shown(image)} each`;
  throw new PipelineError(
    "TOO_MANY_PIXELS",
    `${what} (${count(pixels)}); at most ${count(maxPixels)} are processed.`,
  );
};
