import { describe, expect, it } from "vitest";
import { taggableTypes } from "../../policy/aws/taggable-types.ts";
import { readTaggableTypes } from "../../policy/generate-taggable-types.ts";

const provider = new URL("../../node_modules/@pulumi/aws/", import.meta.url);

describe("the table of types that take tags", () => {
  it("is as `node policy/generate-taggable-types.ts` writes it for the installed provider", () => {
    expect(taggableTypes()).toEqual(readTaggableTypes(provider));
  });

  it("holds what takes tags, and neither look-ups nor what takes none", () => {
    const types = taggableTypes();
    expect(types).toContain("aws:lambda/function:Function");
    expect(types).toContain("aws:s3/bucketV2:BucketV2");
    expect(types).not.toContain("aws:s3/bucketPolicy:BucketPolicy");
    expect(types.filter((type) => /\/get[A-Z]/.test(type))).toEqual([]);
  });
});
