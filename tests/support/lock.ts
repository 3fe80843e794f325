import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { scheduler } from "node:timers/promises";

/** How long a holder may take to write its process id after it took the lock. */
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while no other process on this machine runs work under the same lock. A lock whose holder has died is
 * taken over.
 * @param path a directory that exists while the lock is held
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const holder = join(path, "pid");
  for (let namelessSince: number | undefined; !(await taken(path)); await scheduler.wait(500)) {
    const pid = Number(await readFile(holder, "utf8").catch(() => ""));
    if (pid > 0) namelessSince = undefined;
    else namelessSince ??= Date.now();
    const abandoned = pid > 0 ? !isAlive(pid) : Date.now() - (namelessSince ?? Date.now()) > NAMELESS_MS;
    if (abandoned) await rm(path, { recursive: true, force: true });
  }
  try {
    await writeFile(holder, String(process.pid));
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function taken(path: string): Promise<boolean> {
  return mkdir(path).then(
    () => true,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
