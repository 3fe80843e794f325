import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type MadeWith, parseLibraryVersions } from "../core/record/provenance.ts";

const { resolve } = createRequire(import.meta.url);

/** Where sharp's binaries may stand, by the machine; on Lambda it is the first. */
const PLATFORMS = [
  `${process.platform}-${process.arch}`,
  // Alpine and others without glibc.
  `${process.platform}musl-${process.arch}`,
];

/** What the first of the modules that is installed holds. */
const firstOf = (modules: readonly string[]): unknown => {
  for (const module of modules) {
    try {
      return JSON.parse(readFileSync(resolve(module), "utf8"));
    } catch {
      // Not on this machine.
    }
  }
  return undefined;
};

/**
 * The versions of sharp and libvips that are installed beside the handler, read from their packages: sharp itself is
 * loaded in the process that decodes, and nowhere else.
 */
export const libraryVersions = (): Omit<MadeWith, "code"> =>
  parseLibraryVersions(
    firstOf(PLATFORMS.map((platform) => `@img/sharp-${platform}/package`)),
    // On Windows libvips comes with sharp's own binaries.
    firstOf(
      PLATFORMS.flatMap((platform) => [
        `@img/sharp-libvips-${platform}/versions`,
        `@img/sharp-${platform}/versions`,
      ]),
    ),
  );
