import { readFileSync } from "node:fs";

/**
 * Most memory that this process has held, in bytes. Linux tells it without what its parent held before it began, which
 * `process.resourceUsage` counts too; elsewhere that is all there is.
 */
export const peakMemory = (): number => {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
};
