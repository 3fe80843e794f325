import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";

export type DroppedFile = {
  readonly file: string;
  /** Its path below the folder, with slashes. */
  readonly key: string;
};

/** A file that is still growing is left alone for so long after its last change. */
const SETTLED_MS = 300;

/** Files of editors and file managers, and those being copied, begin with a dot. */
const isHidden = (path: string): boolean => basename(path).startsWith(".");

/**
 * Watches a folder, made when it is missing and kept out of git, for files: those that are there, new ones, and
 * changed ones.
 */
export const watchDropFolder = async (
  folder: string,
  onFile: (dropped: DroppedFile) => void,
): Promise<FSWatcher> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n");
  const watcher = watch(folder, {
    ignored: (path) => path !== folder && isHidden(path),
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 50 },
  });
  const dropped = (file: string) => onFile({ file, key: relative(folder, file).split(sep).join("/") });
  watcher.on("add", dropped).on("change", dropped);
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", resolve).once("error", reject);
  });
  return watcher;
};
