import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";
import type { Architecture } from "./bundle/elf.ts";
import { fontFiles } from "./bundle/font-files.ts";
import { bundleProblems } from "./bundle/inspection.ts";
import { assertLoads, runsHere } from "./bundle/loading.ts";
import { nativePackageNames, nativePackages } from "./bundle/native-packages.ts";
import { type BundleFile, dependencyClosure, packageFiles } from "./bundle/package-files.ts";

const ROOT = dirname(import.meta.dirname);
const NODE_MODULES = join(ROOT, "node_modules");

/** A change of how zips are made changes them, without a change in any file they hold. */
const ZIP_RECIPE = "1";

export type HandlerBundle = {
  /** The zip's path. */
  readonly path: string;
  /** The zip's size in bytes. */
  readonly bytes: number;
  /** Hexadecimal SHA-256 of the zip: the same for the same tree, on every machine. */
  readonly sha256: string;
  /** What it holds, in order, with sizes in bytes before compression. */
  readonly entries: readonly { readonly path: string; readonly size: number }[];
};

export type BundleOptions = {
  /** The function's CPU; the machine that packages may have any other. */
  readonly architecture: Architecture;
  /** @default ".cache/handler" in the project */
  readonly outDir?: string;
};

/** Each entry of the handler and all it imports as one module, but for sharp, which finds its binaries by its place on disk. */
const entryFiles = async (): Promise<readonly BundleFile[]> => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["index", "digest", "imaging-process", "reprocessor"].map(
      (name) => `handler/entries/${name}.ts`,
    ),
    outdir: ".",
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    external: ["sharp"],
    minify: true,
    keepNames: true,
    legalComments: "inline",
    // Some of what is bundled calls `require`, which a module has only when it makes its own.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  return outputFiles.map(({ path, contents }) => ({ path: basename(path), bytes: contents }));
};

const collectFiles = async (architecture: Architecture, cacheDir: string): Promise<readonly BundleFile[]> => {
  const [entries, sharpPackages, nativeModules] = await Promise.all([
    entryFiles(),
    dependencyClosure(NODE_MODULES, "sharp"),
    nativePackages(architecture, ROOT, cacheDir),
  ]);
  const files = await Promise.all([
    ...sharpPackages.map((name) => packageFiles(NODE_MODULES, name)),
    ...nativePackageNames(architecture).map((name) => packageFiles(nativeModules, name)),
    fontFiles(ROOT),
  ]);
  return [...entries, ...files.flat()].sort((a, b) => (a.path < b.path ? -1 : 1));
};

const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest("hex");
};

/** Times, owners and order would differ between two runs; here they are fixed. */
const zip = (files: readonly BundleFile[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      files.map(({ path, bytes }) => [
        path,
        [bytes, { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }],
      ]),
    ),
    { level: 6 },
  );

/** Readers never see half a file: another run may package at the same time. */
const replaceFile = async (path: string, content: string | Uint8Array): Promise<void> => {
  const temporary = `${path}.${process.pid}.${Math.round(performance.now() * 1000)}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
};

/**
 * Packages the handler for Lambda: a module for each entry, sharp, sharp's binaries for the function's CPU, and a font.
 *
 * The same tree gives the same bytes on every machine, so an unchanged function shows no difference at preview.
 * The zip is checked before it is handed over: CPU of each binary, no symbolic links, Lambda's size limits, every
 * needed package there, and that the entry loads, where this machine can run it.
 *
 * @throws {Error} saying in sentences what would keep the zip from running on Lambda.
 */
export const bundleHandler = async ({
  architecture,
  outDir = join(ROOT, ".cache", "handler"),
}: BundleOptions): Promise<HandlerBundle> => {
  await mkdir(outDir, { recursive: true });
  const files = await collectFiles(architecture, join(ROOT, ".cache", "native"));
  const entries = files.map(({ path, bytes }) => ({ path, size: bytes.byteLength }));
  const path = join(outDir, `${architecture}.zip`);
  const inputsPath = `${path}.inputs`;
  const inputs = sha256(ZIP_RECIPE, ...files.flatMap((file) => [`\n${file.path}\n`, file.bytes]));

  const [knownInputs, knownZip] = (await readFile(inputsPath, "utf8").catch(() => "")).split(" ");
  const existing = await readFile(path).catch(() => undefined);
  if (existing !== undefined && knownInputs === inputs && knownZip === sha256(existing)) {
    return { path, bytes: existing.byteLength, sha256: knownZip, entries };
  }

  const zipped = zip(files);
  const problems = bundleProblems(files, zipped.byteLength, architecture);
  if (problems.length > 0) {
    throw new Error(
      `The function's zip would not run on Lambda:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
  if (runsHere(architecture)) {
    await assertLoads(files);
  }
  const digest = sha256(zipped);
  await replaceFile(path, zipped);
  await replaceFile(inputsPath, `${inputs} ${digest}`);
  return { path, bytes: zipped.byteLength, sha256: digest, entries };
};
