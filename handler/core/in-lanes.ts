/**
 * Runs tasks in their order, at most so many at once. Once one has failed, no further one begins.
 * @param lanes at least 1
 * @throws what the first failed with, when all that had begun have ended
 */
export const inLanes = async (lanes: number, tasks: Iterable<() => Promise<unknown>>): Promise<void> => {
  const left = tasks[Symbol.iterator]();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    for (let next = left.next(); !hasFailed && next.done !== true; next = left.next()) {
      try {
        await next.value();
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
};
