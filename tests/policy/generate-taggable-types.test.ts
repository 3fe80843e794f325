import { describe, expect, it } from "vitest";
import { taggableTypes } from "../../policy/aws/taggable-types.ts";
import { readTaggableTypes } from "../../policy/generate-taggable-types.ts";

const provider = new URL("../../node_modules/@pulumi/aws/", import.meta.url);

describe("the table of taggable types", () => {
  it("is up to date with `node policy/generate-taggable-types.ts` for the installed provider", () => {
    expect(taggableTypes()).toEqual(readTaggableTypes(provider));
  });

  it("contains types that take tags, and no look-ups or other types", () => {
    const types = taggableTypes();
    expect(types).toContain("aws:lambda/function:Function");
    expect(types).toContain("aws:s3/bucketV2:BucketV2");
    expect(types).not.toContain("aws:s3/bucketPolicy:BucketPolicy");
    expect(types.filter((type) => /\/get[A-Z]/.test(type))).toEqual([]);
  });
});
