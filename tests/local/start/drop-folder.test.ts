import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchDropFolder } from "../../../local/start/drop-folder.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";

vi.setConfig({ testTimeout: OUTCOME_TIMEOUT_MS });

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drop-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("files that are there, new ones and changed ones are told once each, by their path", async () => {
  const drop = join(folder, "drop");
  await mkdir(join(drop, "holiday", "day 1"), { recursive: true });
  await writeFile(join(drop, "holiday", "day 1", "a.jpg"), "1");
  await writeFile(join(drop, ".DS_Store"), "hidden");
  const keys: string[] = [];
  const watcher = await watchDropFolder(drop, ({ key }) => keys.push(key));
  try {
    const told = (expected: string[]) =>
      vi.waitFor(() => expect(keys).toEqual(expected), { timeout: OUTCOME_TIMEOUT_MS, interval: 50 });
    await told(["holiday/day 1/a.jpg"]);
    await writeFile(join(drop, "b.png"), "2");
    await told(["holiday/day 1/a.jpg", "b.png"]);
    await writeFile(join(drop, ".b.png.part"), "hidden");
    await mkdir(join(drop, "new"));
    await writeFile(join(drop, "new", "c.webp"), "3");
    await told(["holiday/day 1/a.jpg", "b.png", "new/c.webp"]);
    await writeFile(join(drop, "b.png"), "another content");
    await told(["holiday/day 1/a.jpg", "b.png", "new/c.webp", "b.png"]);
  } finally {
    await watcher.close();
  }
});

test("a folder that is missing is made, and kept out of git", async () => {
  const drop = join(folder, "made");
  const watcher = await watchDropFolder(drop, () => {});
  expect(await readFile(join(drop, ".gitignore"), "utf8")).toBe("*\n");
  await watcher.close();
});
