import * as z from "zod";

/** A key's renditions are overwritten when its original is, so caches must come back; an hour is what CDNs bear well. */
export const DEFAULT_CACHE_CONTROL = "public, max-age=3600";

/** What lies under a key that holds the hash of its content never changes: a year, the longest that caches heed. */
const IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable";

const DIRECTIVE =
  "(?:public|private|no-cache|no-store|no-transform|must-revalidate|proxy-revalidate|immutable|(?:max-age|s-maxage|stale-while-revalidate|stale-if-error)=\\d{1,9})";

/** Properties of a rendition spec for whoever keeps copies of its renditions. */
export const cachingShape = {
  cacheControl: z
    .string()
    .regex(
      new RegExp(`^${DIRECTIVE}(?:, ${DIRECTIVE})*$`),
      'expected directives of Cache-Control such as "public, max-age=86400"',
    )
    .optional()
    .meta({
      description: "the `Cache-Control` that renditions are served with",
      values: "directives of Cache-Control",
      default: `\`${DEFAULT_CACHE_CONTROL}\``,
    }),
  hashedKeys: z
    .boolean()
    .optional()
    .meta({
      description: `puts a hash of the file into its key, \`hero.3f2a9c0d1b4e5f67.webp\`, and serves it as \`${IMMUTABLE_CACHE_CONTROL}\`: a changed image has another URL; only with \`manifest\`, which tells the keys. The files of a replaced original stay, for pages that name them, or go with \`onDelete: remove\``,
      values: "true, false",
      default: "false",
    }),
};

/** The part of a parsed spec for caches. */
export type CachingSpec = z.output<z.ZodObject<typeof cachingShape>>;

/** The `Cache-Control` of a spec's renditions. */
export const cacheControlOf = ({ cacheControl, hashedKeys }: CachingSpec): string =>
  cacheControl ?? (hashedKeys === true ? IMMUTABLE_CACHE_CONTROL : DEFAULT_CACHE_CONTROL);

/** What is wrong with a spec's caching. */
export const cachingProblems = ({
  hashedKeys,
  manifest,
}: CachingSpec & { readonly manifest?: boolean | undefined }): readonly (readonly [
  property: string,
  message: string,
])[] =>
  hashedKeys === true && manifest !== true
    ? [["hashedKeys", "expected manifest: true with hashedKeys: nothing else tells a page the keys"]]
    : [];
