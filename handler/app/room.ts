/** Runs work when there is room for its weight beside the work that runs already; alone, if it weighs more than there is. */
export type InRoom = <Result>(weight: number, work: () => Promise<Result>) => Promise<Result>;

/**
 * Bounds what is in work at once, first come, first served.
 * @param capacity in the unit of the weights, such as bytes
 */
export const sharingRoom = (capacity: number): InRoom => {
  let taken = 0;
  let running = 0;
  const waiting: { readonly weight: number; readonly start: () => void }[] = [];
  const startWaiting = (): void => {
    for (;;) {
      const [next] = waiting;
      if (next === undefined || (running > 0 && taken + next.weight > capacity)) return;
      waiting.shift();
      taken += next.weight;
      running += 1;
      next.start();
    }
  };
  return async (weight, work) => {
    await new Promise<void>((start) => {
      waiting.push({ weight, start });
      startWaiting();
    });
    try {
      return await work();
    } finally {
      taken -= weight;
      running -= 1;
      startWaiting();
    }
  };
};
