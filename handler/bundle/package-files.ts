import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** A file of the zip: where it stands there, and what it holds. */
export type BundleFile = {
  /** Relative to the zip's root, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
};

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/** What runs or must go along with it by its licence; types, C++ sources and build scripts stay out. */
const NEEDED =
  /\.(c|m)?js$|\.json$|\.node$|\.so(\.[\d.]+)?$|(^|\/)(LICENSE|NOTICE|THIRD-PARTY)[^/]*$|libvips[^/]*\/README\.md$/;
const LEFT_OUT = /(^|\/)(install|src|test|bin)\//;

const filesBelow = async (folder: string, place: string): Promise<BundleFile[]> => {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<BundleFile[]> => {
      const [file, path] = [join(folder, name), `${place}/${name}`];
      const stats = await lstat(file);
      if (stats.isSymbolicLink()) {
        throw new Error(`${file} is a symbolic link, which Lambda does not follow.`);
      }
      if (stats.isDirectory()) {
        return filesBelow(file, path);
      }
      return NEEDED.test(path) && !LEFT_OUT.test(path) ? [{ path, bytes: await readFile(file) }] : [];
    }),
  );
  return files.flat();
};

/**
 * The files of one installed package, to stand below `node_modules` in the zip.
 *
 * @param nodeModules folder that the package is installed in.
 * @throws {Error} when the package holds a symbolic link.
 */
export const packageFiles = (nodeModules: string, name: string): Promise<BundleFile[]> =>
  filesBelow(join(nodeModules, name), `node_modules/${name}`);

/** The names of a package and of everything it depends on, optional dependencies left out. */
export const dependencyClosure = async (nodeModules: string, name: string): Promise<readonly string[]> => {
  const seen = new Set<string>();
  const visit = async (current: string): Promise<void> => {
    if (seen.has(current)) {
      return;
    }
    seen.add(current);
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(nodeModules, current, "package.json"), "utf8")),
    );
    for (const dependency of Object.keys(manifest.dependencies)) {
      await visit(dependency);
    }
  };
  await visit(name);
  return [...seen].sort();
};
