import { describe, expect, it } from "vitest";
import { UnknownProperty } from "../../../policy/engine/properties.ts";
import { isSet, StackView } from "../../../policy/engine/stack.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

const bucket = (props: object) => resource({ type: "bucket", name: "bucket", props });
const policy = (value: unknown, sources: ReturnType<typeof bucket>[] = []) =>
  resource({
    type: "policy",
    name: "policy",
    props: { bucket: value },
    propertyDependencies: { bucket: sources },
  });

describe("StackView.refers", () => {
  it.each([
    ["bucket", { bucket: "images" }],
    ["id", { id: "images" }],
    ["arn", { arn: "images" }],
  ])("compares the known %s", (_, props) => {
    const target = bucket(props);
    const from = policy("images");
    expect(new StackView([target, from]).refers(from, "bucket", target)).toBe(true);
  });

  it("compares a known value, not its origin", () => {
    const target = bucket({ bucket: "images" });
    const from = policy("other", [target]);
    expect(new StackView([target, from]).refers(from, "bucket", target)).toBe(false);
  });

  it("compares the origin of an unknown value", () => {
    const target = bucket({ bucket: UNKNOWN });
    const other = resource({ type: "bucket", name: "other" });
    const stack = new StackView([target, other]);
    expect(stack.refers(policy(UNKNOWN, [target]), "bucket", target)).toBe(true);
    expect(stack.refers(policy(UNKNOWN, [other]), "bucket", target)).toBe(false);
    expect(stack.refers(policy(UNKNOWN), "bucket", target)).toBeUndefined();
  });

  it("is false without the property, even if the target has no identifiers", () => {
    const target = bucket({});
    expect(new StackView([target]).refers(policy(undefined), "bucket", target)).toBe(false);
  });
});

describe("StackView.attachedTo", () => {
  it("returns the attached resources, even if another one might be attached", () => {
    const target = bucket({ bucket: "images" });
    const found = policy("images");
    const stack = new StackView([target, policy(UNKNOWN), found]);
    expect(stack.attachedTo(target, ["policy"], "bucket")).toEqual([found]);
  });

  it("throws when none is attached but one might be", () => {
    const target = bucket({ bucket: "images" });
    const stack = new StackView([target, policy(UNKNOWN)]);
    expect(() => stack.attachedTo(target, ["policy"], "bucket")).toThrow(
      new UnknownProperty("policy.bucket"),
    );
  });
});

describe("StackView", () => {
  it("finds resources by type and by URN", () => {
    const target = bucket({});
    const stack = new StackView([target]);
    expect(stack.ofType(["policy", "bucket"])).toEqual([target]);
    expect(stack.byUrn(target.urn)).toBe(target);
    expect(stack.byUrn("urn:none")).toBeUndefined();
  });
});

describe("isSet", () => {
  it("is true for a known value, and for an unknown value from another resource", () => {
    const target = bucket({ bucket: "images" });
    expect(isSet(target, "bucket")).toBe(true);
    expect(isSet(policy(UNKNOWN, [target]), "bucket")).toBe(true);
  });

  it("is false for values that AWS will fill in, and for empty or missing values", () => {
    expect(isSet(policy(UNKNOWN), "bucket")).toBe(false);
    expect(isSet(policy(""), "bucket")).toBe(false);
    expect(isSet(policy(undefined), "bucket")).toBe(false);
  });
});

describe("lists of references", () => {
  const first = resource({ type: "bucket", name: "first", props: { arn: "arn:first" } });
  const second = resource({ type: "bucket", name: "second", props: { arn: UNKNOWN } });
  const other = resource({ type: "queue", name: "other", props: { arn: "arn:first" } });
  const from = (value: unknown, sources: ReturnType<typeof bucket>[] = []) =>
    resource({ type: "user", name: "user", props: { arns: value }, propertyDependencies: { arns: sources } });

  it.each<[string, unknown, ReturnType<typeof bucket>[], string[]]>([
    ["one value", "arn:first", [], ["first"]],
    ["a list", ["arn:none", "arn:first"], [], ["first"]],
    ["an unknown value, by its origin", UNKNOWN, [second], ["second"]],
    ["a list with an unknown value", ["arn:first", UNKNOWN], [second], ["first", "second"]],
    ["a list of known values, of any origin", ["arn:none"], [second], []],
    ["nothing", undefined, [second], []],
    ["an empty text", "", [], []],
  ])("finds the resources that %s names", (_, value, sources, names) => {
    const user = from(value, sources);
    const stack = new StackView([first, second, other, user]);
    expect(stack.namedBy(user, "arns", ["bucket"]).map(({ name }) => name)).toEqual(names);
    for (const target of [first, second]) {
      expect(stack.refers(user, "arns", target)).toBe(names.includes(target.name));
    }
  });

  it("finds nothing for an unknown value of unknown origin", () => {
    const user = from([UNKNOWN]);
    const stack = new StackView([first, user]);
    expect(stack.refers(user, "arns", first)).toBeUndefined();
    expect(stack.namedBy(user, "arns", ["bucket"])).toEqual([]);
  });

  it("never treats two unknown values as equal", () => {
    const user = from(UNKNOWN, [first]);
    expect(new StackView([first, second, user]).refers(user, "arns", second)).toBe(false);
  });
});
