import { expect, it } from "vitest";
import { cacheControlOf, cachingProblems } from "../../../../handler/core/spec/caching.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";

const problems = (options: object): readonly string[] =>
  renditionSpecs
    .safeParse([{ name: "card", width: 9, formats: ["webp"], ...options }])
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

it("renditions are cached for an hour, for ever under a hashed key, and as the spec says otherwise", () => {
  expect([
    cacheControlOf({}),
    cacheControlOf({ hashedKeys: true }),
    cacheControlOf({ hashedKeys: true, cacheControl: "private, no-cache" }),
  ]).toEqual(["public, max-age=3600", "public, max-age=31536000, immutable", "private, no-cache"]);
});

it.each(["no-store", "public, max-age=86400", "private, max-age=60, stale-while-revalidate=600, immutable"])(
  "the directives %s are accepted",
  (cacheControl) => {
    expect(problems({ cacheControl })).toEqual([]);
  },
);

it.each(["", "for ever", "max-age", "max-age=-1", "public,max-age=1", "public, ", "public\r\nx: y"])(
  "the directives %j are refused",
  (cacheControl) => {
    expect(problems({ cacheControl })).toEqual([
      '0.cacheControl: expected directives of Cache-Control such as "public, max-age=86400"',
    ]);
  },
);

it("a hash in the keys needs a manifest that tells them", () => {
  expect(cachingProblems({ hashedKeys: true, manifest: true })).toEqual([]);
  expect(problems({ hashedKeys: true })).toEqual([
    "0.hashedKeys: expected manifest: true with hashedKeys: nothing else tells a page the keys",
  ]);
});
