import { type Architecture, machineOf } from "./elf.ts";
import { FONT_PATH } from "./font-files.ts";
import { nativePackageNames } from "./native-packages.ts";
import type { BundleFile } from "./package-files.ts";

/** Lambda's limits for a zip that is uploaded directly, in bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const MAX_ZIPPED_BYTES = 50 * 1024 * 1024;
export const MAX_UNZIPPED_BYTES = 250 * 1024 * 1024;

const NATIVE = /\.node$|\.so(\.[\d.]+)?$/;

/**
 * What would keep the bundle from running on Lambda, in sentences; empty when nothing would.
 *
 * @param files the files of the zip before compression.
 * @param zippedBytes size of the zip.
 */
export const bundleProblems = (
  files: readonly BundleFile[],
  zippedBytes: number,
  architecture: Architecture,
): string[] => {
  const problems: string[] = [];
  const paths = new Set(files.map(({ path }) => path));
  const needed = ["index.mjs", "imaging-process.mjs", "reprocessor.mjs", "node_modules/sharp/package.json"];
  for (const required of [...needed, FONT_PATH]) {
    if (!paths.has(required)) {
      problems.push(`${required} is missing.`);
    }
  }
  for (const name of nativePackageNames(architecture)) {
    if (!files.some(({ path }) => path.startsWith(`node_modules/${name}/`) && NATIVE.test(path))) {
      problems.push(`${name} is missing: sharp can't run on ${architecture} without it.`);
    }
  }
  for (const { path, bytes } of files) {
    const machine = NATIVE.test(path) ? machineOf(bytes) : architecture;
    if (machine !== architecture) {
      problems.push(
        `${path} is ${machine === "arm64" || machine === "x86_64" ? `built for ${machine}` : machine}, expected ${architecture}.`,
      );
    }
  }
  const unzippedBytes = files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (unzippedBytes > MAX_UNZIPPED_BYTES) {
    problems.push(`The files take ${unzippedBytes} bytes, Lambda allows ${MAX_UNZIPPED_BYTES}.`);
  }
  if (zippedBytes > MAX_ZIPPED_BYTES) {
    problems.push(`The zip takes ${zippedBytes} bytes, Lambda allows ${MAX_ZIPPED_BYTES}.`);
  }
  return problems;
};
