import { describe, expect, it } from "vitest";
import { tagsRequired } from "../../../../policy/controls/tags/required.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeTags = (
  tags: unknown,
  parameters: object = { tags: ["Project", "Stack"] },
  type = "aws:sqs/queue:Queue",
) => judge(tagsRequired, resource({ type, props: { tags } }), { parameters });

describe("TAGS-001 tags-required", () => {
  it("accepts a resource with every required tag and others", () => {
    expect(judgeTags({ Project: "images", Stack: "dev", Owner: "me" }).outcome).toBe("compliant");
    expect(judgeTags({ Project: "images", Stack: UNKNOWN }).outcome).toBe("compliant");
  });

  it.each([
    ["no tags", undefined, ["subject Tag::Project", "subject Tag::Stack"]],
    ["one of two tags", { Project: "images" }, ["subject Tag::Stack"]],
    ["an empty tag", { Project: "images", Stack: "" }, ["subject Tag::Stack"]],
    ["a tag in another case", { Project: "images", stack: "dev" }, ["subject Tag::Stack"]],
  ])("reports %s", (_, tags, findings) => {
    expect(findingsOf(judgeTags(tags))).toEqual(findings);
  });

  it("does not judge unknown tags", () => {
    expect(judgeTags(UNKNOWN)).toMatchObject({ outcome: "not judged", notJudged: [{ path: "tags" }] });
  });

  it("does not apply unless the config requires tags", () => {
    expect(judgeTags({}, {}).outcome).toBe("not applicable");
  });

  it.each([
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:autoscaling/group:Group",
    "aws:iam/rolePolicy:RolePolicy",
  ])("does not apply to a %s, which does not take tags as a map", (type) => {
    expect(judgeTags(undefined, undefined, type).outcome).toBe("not applicable");
  });

  proveControl(tagsRequired);
});
