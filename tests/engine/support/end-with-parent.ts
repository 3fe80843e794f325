/** Ends this process within a second of its parent's death, so that a killed CLI leaves nothing running. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1_000).unref();
}
