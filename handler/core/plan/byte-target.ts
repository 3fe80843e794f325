/** Below it, photos fall apart into blocks. */
export const LEAST_TARGET_QUALITY = 10;

/** Encodes at most: of the 70 qualities between 10 and 80, halving alone would need seven. */
export const MOST_ENCODES = 6;

/** A file that fills this part of its target is not worth another encode. */
const CLOSE_ENOUGH = 0.92;

/** What one step of quality adds to the logarithm of the size: of jpeg, webp and avif alike, about a factor of 6 from 10 to 80. */
const GROWTH = Math.log(6) / 70;

/**
 * Encodes at the wanted quality and, where the file is larger than its target, looks for the highest quality that
 * fits. Each guess follows from the sizes seen so far, so that two or three encodes are the rule.
 * @param encode makes the file at a quality
 * @param quality the wanted one, 1 to 100
 * @returns the best file that fits; the smallest that was made when none does
 */
export const encodedWithin = async <File extends { readonly length: number }>(
  encode: (quality: number) => Promise<File>,
  quality: number,
  maxBytes: number,
): Promise<File> => {
  let smallest = await encode(quality);
  if (smallest.length <= maxBytes) return smallest;
  let tooHigh = { quality, bytes: smallest.length };
  let fitting: File | undefined;
  let fittingQuality = LEAST_TARGET_QUALITY - 1;
  for (let encodes = 1; encodes < MOST_ENCODES && tooHigh.quality - fittingQuality > 1; encodes += 1) {
    const isLastHope = fitting === undefined && encodes === MOST_ENCODES - 1;
    const guess =
      fitting === undefined
        ? Math.floor(tooHigh.quality - Math.log(tooHigh.bytes / maxBytes) / GROWTH)
        : Math.floor((tooHigh.quality + fittingQuality) / 2);
    const next = isLastHope
      ? LEAST_TARGET_QUALITY
      : Math.min(tooHigh.quality - 1, Math.max(fittingQuality + 1, guess));
    const file = await encode(next);
    if (file.length <= maxBytes) {
      fitting = file;
      fittingQuality = next;
      if (file.length >= maxBytes * CLOSE_ENOUGH) break;
    } else {
      tooHigh = { quality: next, bytes: file.length };
      if (file.length < smallest.length) smallest = file;
    }
  }
  return fitting ?? smallest;
};
