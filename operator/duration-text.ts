/** A duration for people: `250 ms`, `1.2 s`, `6 min`. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Number((seconds / 60).toFixed(1))} min`;
};
