import * as z from "zod";

/** What an outcome was made with: with the same it can be made again anywhere, and compared. */
export type MadeWith = {
  /** The first 16 digits of the SHA-256 of the function's zip, which holds its code, sharp and all libraries. */
  readonly code: string;
  readonly sharp: string;
  readonly libvips: string;
};

/** A text of that length tells the zips of all time apart, and is short enough for every record. */
const CODE_DIGITS = 16;

export const codeOf = (zipSha256: string): string => zipSha256.slice(0, CODE_DIGITS);

const UNKNOWN = "unknown";

const manifest = z.object({ version: z.string().default(UNKNOWN) }).catch({ version: UNKNOWN });
const libraries = z.object({ vips: z.string().default(UNKNOWN) }).catch({ vips: UNKNOWN });

/**
 * Reads the versions that sharp's prebuilt binaries come with; `unknown` for what they do not tell.
 * @param binariesManifest the package.json of sharp's binaries
 * @param libraryVersions the versions.json of the libraries that they are linked with
 */
export const parseLibraryVersions = (
  binariesManifest: unknown,
  libraryVersions: unknown,
): Omit<MadeWith, "code"> => ({
  sharp: manifest.parse(binariesManifest).version,
  libvips: libraries.parse(libraryVersions).vips,
});
