import { describe, expect, it } from "vitest";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import { RENDITION_SETS } from "../../../../handler/core/spec/sets.ts";

const problems = (written: unknown): readonly string[] =>
  renditionSpecs
    .safeParse(written)
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

const names = (written: unknown) => renditionSpecs.parse(written).map(({ name, prefix }) => [name, prefix]);

describe("rendition sets", () => {
  it.each(Object.keys(RENDITION_SETS))(
    "take the place of the list by the name %s, and travel as JSON",
    (set) => {
      const parsed = renditionSpecs.parse(set);
      expect(parsed.length).toBeGreaterThan(1);
      expect(parsed.every(({ manifest }) => manifest)).toBe(true);
      expect(renditionSpecs.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
    },
  );

  it("stand in a list beside specs, each for a prefix, and fit into the environment together", () => {
    expect(
      names([
        { set: "profile-photos", prefix: "avatars/" },
        { set: "shop", prefix: "products/" },
        { set: "user-content", prefix: "ugc/" },
        { name: "large", width: 1600, formats: ["webp"] },
      ]),
    ).toEqual([
      ["avatar", "avatars/"],
      ["portrait", "avatars/"],
      ["tile", "products/"],
      ["product", "products/"],
      ["preview", "ugc/"],
      ["feed", "ugc/"],
      ["veiled", "ugc/"],
      ["large", undefined],
    ]);
  });

  it("are refused by a name that is none", () => {
    const expected = "expected the name of a rendition set: profile-photos, shop, user-content";
    expect(problems("profile-photo")).toContain(`: ${expected}`);
    expect(problems([{ set: "profile-photo" }, { name: "card", width: 9, formats: ["webp"] }])).toEqual([
      `0.set: ${expected}`,
    ]);
  });

  it("are not changed in passing", () => {
    expect(problems([{ set: "shop", quality: 70 }])).toEqual([
      "0.quality: expected set and prefix alone: write a spec of its own to change more",
    ]);
  });

  it("are refused twice for one key", () => {
    expect(problems([{ set: "shop" }, { set: "shop", prefix: "products/" }])[0]).toBe(
      '2.name: expected unique names, but "tile" is also the name of spec 0',
    );
  });
});
