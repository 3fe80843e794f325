import { z } from "zod";
import { taggableTypes } from "../../aws/taggable-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const tagsRequired = defineResourceControl({
  id: "TAGS-001",
  name: "tags-required",
  title: "Resources have the tags that the config requires.",
  severity: "low",
  level: "mandatory",
  why: "Tags show who owns a resource, who pays for it and what may be done with it. Without them, nobody knows whom to ask.",
  remediation: "Set the tags. The provider's defaultTags sets them for all resources at once.",
  url: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["tag"],
  types: taggableTypes(),
  parameters: z.strictObject({
    tags: z
      .array(z.string().min(1))
      .default([])
      .describe("Keys of the required tags, case-sensitive. Without any, the control judges nothing."),
  }),
  *check({ props }, { parameters }) {
    if (parameters.tags.length === 0) {
      yield notApplicable();
      return;
    }
    const tags = props.child("tags");
    for (const tag of parameters.tags) {
      if (tags?.has(tag) === true) continue;
      yield violation({ key: `Tag::${tag}`, message: `The tag \`${tag}\` must be set.` });
    }
  },
});
