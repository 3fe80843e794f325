import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsOf } from "../../../../handler/core/record/index.ts";
import { noTags, tagAttributes, tagIndex, tagOf } from "../../../../handler/core/record/object-tags.ts";

const tagName = fc.stringMatching(/^[A-Za-z0-9 _.:/+@-]{1,40}$/);

describe("tagIndex", () => {
  it("is one of each name, sorted by the time of upload", () => {
    expect(tagIndex("cost-center")).toEqual({
      name: "ByTag_cost_2dcenter",
      partition: "TagShard_cost_2dcenter",
      sort: "UploadTime",
      sortType: "S",
      also: [],
    });
  });

  it("has names that DynamoDB takes, and no two names of tags share one", () => {
    fc.assert(
      fc.property(tagName, tagName, (one, other) => {
        const { name, partition } = tagIndex(one);
        expect(name).toMatch(/^[A-Za-z0-9_.-]{3,255}$/);
        expect(partition).toMatch(/^[A-Za-z0-9_]{1,255}$/);
        expect(tagIndex(other).name === name).toBe(one === other);
      }),
    );
  });
});

describe("tagAttributes", () => {
  it("have the tags, and the part of each tag's index", () => {
    const tags = { album: "holiday", "cost-center": "", owner: undefined };
    expect(tagAttributes("beach.jpg", tags)).toEqual({
      Tags: { album: "holiday", "cost-center": "" },
      TagShard_album: "holiday#5",
      TagShard_cost_2dcenter: "#5",
      TagShard_owner: undefined,
    });
    expect(partsOf("holiday")).toContain("holiday#5");
  });

  it("say nothing where there is no tag", () => {
    expect(tagAttributes("beach.jpg", noTags(["album", "owner"]))).toEqual({
      Tags: undefined,
      TagShard_album: undefined,
      TagShard_owner: undefined,
    });
    expect(tagAttributes("beach.jpg", {})).toEqual({ Tags: undefined });
  });
});

describe("tagOf", () => {
  it("parts a name from a value that may have equals signs", () => {
    expect(tagOf("album=a=b")).toEqual({ name: "album", value: "a=b" });
    expect(tagOf("album=")).toEqual({ name: "album", value: "" });
  });
});
