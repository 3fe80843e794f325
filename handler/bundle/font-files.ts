import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleFile } from "./package-files.ts";

/** The font of text watermarks, Roboto Medium (Apache-2.0), in the package that has it as TrueType. */
const PACKAGE = "@polymer/font-roboto-local";

/** Where the handler looks for it. */
export const FONT_PATH = `node_modules/${PACKAGE}/fonts/roboto/Roboto-Medium.ttf`;

const PACKAGE_FILES = [
  FONT_PATH,
  `node_modules/${PACKAGE}/fonts/roboto/LICENSE.txt`,
  `node_modules/${PACKAGE}/package.json`,
];

/**
 * The font, its licence, and fontconfig's settings.
 *
 * @param root the project's folder.
 */
export const fontFiles = (root: string): Promise<BundleFile[]> =>
  Promise.all([
    ...PACKAGE_FILES.map(async (path) => ({ path, bytes: await readFile(join(root, path)) })),
    readFile(join(root, "handler", "entries", "fonts.conf")).then((bytes) => ({ path: "fonts.conf", bytes })),
  ]);
