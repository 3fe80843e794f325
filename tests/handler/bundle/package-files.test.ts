import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dependencyClosure, packageFiles } from "../../../handler/bundle/package-files.ts";

let nodeModules: string;
beforeEach(async () => {
  nodeModules = await mkdtemp(join(tmpdir(), "package-files-"));
});
afterEach(() => rm(nodeModules, { recursive: true }));

const write = async (path: string, content: string): Promise<void> => {
  await mkdir(join(nodeModules, path, ".."), { recursive: true });
  await writeFile(join(nodeModules, path), content);
};

test("what runs and what a licence demands goes along, in order", async () => {
  for (const path of [
    "package.json",
    "lib/b.js",
    "lib/a.node",
    "lib/libvips-cpp.so.8.18.7",
    "LICENSE",
    "README.md",
    "lib/index.d.ts",
    "src/x.cc",
    "install/build.js",
  ]) {
    await write(`pkg/${path}`, "{}");
  }
  expect((await packageFiles(nodeModules, "pkg")).map(({ path }) => path)).toEqual([
    "node_modules/pkg/LICENSE",
    "node_modules/pkg/lib/a.node",
    "node_modules/pkg/lib/b.js",
    "node_modules/pkg/lib/libvips-cpp.so.8.18.7",
    "node_modules/pkg/package.json",
  ]);
});

test("a symbolic link, which Lambda does not follow, is refused by name", async () => {
  await write("pkg/package.json", "{}");
  await symlink("package.json", join(nodeModules, "pkg", "link.json"));
  await expect(packageFiles(nodeModules, "pkg")).rejects.toThrow(/pkg\/link\.json is a symbolic link/);
});

test("a package brings all it depends on, once", async () => {
  await write("a/package.json", '{"dependencies":{"b":"1","@s/c":"1"},"optionalDependencies":{"d":"1"}}');
  await write("b/package.json", '{"dependencies":{"@s/c":"1","a":"1"}}');
  await write("@s/c/package.json", "{}");
  expect(await dependencyClosure(nodeModules, "a")).toEqual(["@s/c", "a", "b"]);
});
