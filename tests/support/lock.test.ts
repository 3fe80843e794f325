import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the lock", () => {
  it("lets one in at a time, and the next when the first fails", async () => {
    const path = join(folder, "lock");
    const events: string[] = [];
    const work = (name: string, fails: boolean) =>
      withLock(path, async () => {
        events.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        events.push(`${name} out`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([work("a", true), work("b", false)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(events.map((event) => event.slice(2))).toEqual(["in", "out", "in", "out"]);
  });

  it("is taken over from a process that has died", async () => {
    const path = join(folder, "lock");
    const { pid } = execFile("true");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await mkdir(path);
    await writeFile(join(path, "pid"), String(pid));
    expect(await withLock(path, async () => "done")).toBe("done");
  });
});
