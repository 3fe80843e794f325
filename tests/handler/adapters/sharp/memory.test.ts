import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { GREEN, solid } from "../../../support/images.ts";

const MIB = 1024 ** 2;
const CHILD = join(import.meta.dirname, "..", "..", "..", "bench", "support", "memory-child.ts");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "image-pipeline-memory-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Peak in bytes of a process that makes the default renditions of a JPEG, and nothing else. */
const peakOf = async (width: number, height: number, progressive: boolean): Promise<number> => {
  const file = join(folder, `${width}.jpg`);
  await writeFile(file, await solid({ width, height }, GREEN).jpeg({ progressive }).toBuffer());
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, file, "2"]);
  return z.object({ peak: z.number() }).parse(JSON.parse(stdout)).peak;
};

describe.runIf(process.platform === "linux")("the memory of a transform", () => {
  it("is less than 300 MiB for a JPEG of 24 megapixels, of a function that may have 1,024", async () => {
    expect(await peakOf(6000, 4000, false)).toBeLessThan(300 * MIB);
  });

  it("leaves a function of 1,024 MiB a third for the SDK even with a progressive JPEG of 100 megapixels", async () => {
    expect(await peakOf(12_500, 8000, true)).toBeLessThan(680 * MIB);
  });
});
