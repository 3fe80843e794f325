import * as timers from "node:timers/promises";

/** Waits until the next so many things may be done. */
export type Rate = (count: number) => Promise<void>;

/**
 * Spreads things evenly over time.
 *
 * @param perSecond things a second, more than 0; `undefined` for no limit
 */
export const atRate = (perSecond: number | undefined): Rate => {
  let free = 0;
  return async (count) => {
    if (perSecond === undefined) return;
    const now = performance.now();
    const start = Math.max(free, now);
    free = start + (count / perSecond) * 1000;
    if (start > now) await timers.setTimeout(start - now);
  };
};
