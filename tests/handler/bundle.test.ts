import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, describe, expect, test } from "vitest";
import { machineOf } from "../../handler/bundle/elf.ts";
import { assertLoads, runsHere } from "../../handler/bundle/loading.ts";
import { bundleHandler } from "../../handler/bundle.ts";

const folder = await mkdtemp(join(tmpdir(), "bundle-test-"));
afterAll(() => rm(folder, { recursive: true }));

const bundled = (architecture: "arm64" | "x86_64", name = "zips") =>
  bundleHandler({ architecture, outDir: join(folder, name) });

describe.each(["arm64", "x86_64"] as const)("the zip for %s", (architecture) => {
  test("holds sharp's binaries for that CPU and no other", async () => {
    const { path, entries } = await bundled(architecture);
    const files = unzipSync(await readFile(path));
    const machines = Object.entries(files)
      .filter(([name]) => /\.node$|\.so\.[\d.]+$/.test(name))
      .map(([name, bytes]) => [name.replace(/[\d.]+(?=\.node$)|[\d.]+$/, "*"), machineOf(bytes)]);
    const cpu = architecture === "arm64" ? "arm64" : "x64";
    expect(Object.fromEntries(machines)).toEqual({
      [`node_modules/@img/sharp-linux-${cpu}/lib/sharp-linux-${cpu}-*.node`]: architecture,
      [`node_modules/@img/sharp-libvips-linux-${cpu}/lib/libvips-cpp.so*`]: architecture,
    });
    expect(entries).toEqual(
      Object.entries(files).map(([name, bytes]) => ({ path: name, size: bytes.byteLength })),
    );
  });

  test("holds the font of text watermarks, its licence, and fontconfig's settings", async () => {
    const files = unzipSync(await readFile((await bundled(architecture)).path));
    const font = "node_modules/@polymer/font-roboto-local/fonts/roboto";
    expect(Object.keys(files).filter((name) => name.includes("font"))).toEqual([
      "fonts.conf",
      `${font}/LICENSE.txt`,
      `${font}/Roboto-Medium.ttf`,
      "node_modules/@polymer/font-roboto-local/package.json",
    ]);
    expect(Buffer.from(files[`${font}/LICENSE.txt`] ?? []).toString()).toContain("Apache License");
  });

  test("has the same bytes when it is made again elsewhere", async () => {
    const [one, two] = [await bundled(architecture), await bundled(architecture, "again")];
    expect(two.sha256).toBe(one.sha256);
    expect(await readFile(two.path)).toEqual(await readFile(one.path));
  });

  test("has the same bytes in every time zone", async () => {
    const { sha256 } = await bundled(architecture);
    const zone = process.env["TZ"];
    process.env["TZ"] = "Pacific/Kiritimati";
    try {
      expect((await bundled(architecture, "far-away")).sha256).toBe(sha256);
    } finally {
      if (zone === undefined) {
        delete process.env["TZ"];
      } else {
        process.env["TZ"] = zone;
      }
    }
  });

  test("is within Lambda's limits with room to spare", async () => {
    const { bytes, entries } = await bundled(architecture);
    expect(bytes).toBeLessThan(15_000_000);
    expect(entries.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(40_000_000);
  });
});

test("a zip that was damaged is made anew", async () => {
  const { path, sha256 } = await bundled("arm64", "damaged");
  await writeFile(path, "half a zi");
  expect((await bundled("arm64", "damaged")).sha256).toBe(sha256);
  expect((await readFile(path)).byteLength).toBeGreaterThan(1_000_000);
});

test("two runs at once hand over the same whole zip", async () => {
  const [one, two] = await Promise.all([bundled("arm64", "raced"), bundled("arm64", "raced")]);
  expect(two).toEqual(one);
});

test.runIf(runsHere("x86_64") || runsHere("arm64"))("the entry loads from the zip alone", async () => {
  const architecture = runsHere("arm64") ? "arm64" : "x86_64";
  const files = Object.entries(unzipSync(await readFile((await bundled(architecture)).path)));
  await assertLoads(files.map(([path, bytes]) => ({ path, bytes })));
  const withoutSharp = files.filter(([path]) => !path.startsWith("node_modules/sharp/"));
  await expect(assertLoads(withoutSharp.map(([path, bytes]) => ({ path, bytes })))).rejects.toThrow(
    "The function's entry does not load from its zip.",
  );
});

test("nothing of the machine that packages gets into the zip", async () => {
  const { path } = await bundled("arm64");
  const entry = Buffer.from(unzipSync(await readFile(path))["index.mjs"] ?? []).toString();
  expect(entry.length).toBeGreaterThan(100_000);
  expect(entry).not.toContain(dirname(dirname(import.meta.dirname)));
});
