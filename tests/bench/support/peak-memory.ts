/** What a process and those it has started hold and spend. Linux tells; elsewhere this process alone is counted. */
import { readFileSync } from "node:fs";

const isLinux = process.platform === "linux";

const own = (): readonly string[] => {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
  return [String(process.pid), ...(children === "" ? [] : children.split(" "))];
};

/**
 * Most memory that each of the processes has held, together, in bytes. Without what the parent of a process held before
 * that began, which `process.resourceUsage` counts too.
 */
export const peakMemory = (): number => {
  if (!isLinux) return process.resourceUsage().maxRSS * 1024;
  return own().reduce((sum, pid) => {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return sum + Number(kilobytes) * 1024;
  }, 0);
};

/** Linux counts CPU time in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

/** CPU time of the processes so far, in milliseconds. */
export const cpuTime = (): number => {
  const { user, system } = process.cpuUsage();
  const here = (user + system) / 1000;
  if (!isLinux) return here;
  return own()
    .slice(1)
    .reduce((sum, pid) => {
      // Fields 14 and 15, of which the second, a name in brackets, may hold spaces.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [utime, stime] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13);
      return sum + TICK_MS * (Number(utime) + Number(stime));
    }, here);
};
