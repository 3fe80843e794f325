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
  ])("goes by the known %s", (_, props) => {
    const target = bucket(props);
    const from = policy("images");
    expect(new StackView([target, from]).refers(from, "bucket", target)).toBe(true);
  });

  it("goes by the value, not by its origin, where the value is known", () => {
    const target = bucket({ bucket: "images" });
    const from = policy("other", [target]);
    expect(new StackView([target, from]).refers(from, "bucket", target)).toBe(false);
  });

  it("goes by the origin where the value is unknown", () => {
    const target = bucket({ bucket: UNKNOWN });
    const other = resource({ type: "bucket", name: "other" });
    const stack = new StackView([target, other]);
    expect(stack.refers(policy(UNKNOWN, [target]), "bucket", target)).toBe(true);
    expect(stack.refers(policy(UNKNOWN, [other]), "bucket", target)).toBe(false);
    expect(stack.refers(policy(UNKNOWN), "bucket", target)).toBeUndefined();
  });

  it("is false without the property, even where the target lacks identifiers", () => {
    const target = bucket({});
    expect(new StackView([target]).refers(policy(undefined), "bucket", target)).toBe(false);
  });
});

describe("StackView.attachedTo", () => {
  it("gives what is found, though another might be attached as well", () => {
    const target = bucket({ bucket: "images" });
    const found = policy("images");
    const stack = new StackView([target, policy(UNKNOWN), found]);
    expect(stack.attachedTo(target, ["policy"], "bucket")).toEqual([found]);
  });

  it("throws when none is found and one might be", () => {
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
  it("is true for a known value, and for an unknown one that came from somewhere", () => {
    const target = bucket({ bucket: "images" });
    expect(isSet(target, "bucket")).toBe(true);
    expect(isSet(policy(UNKNOWN, [target]), "bucket")).toBe(true);
  });

  it("is false for what AWS has yet to fill in, and for what is empty or missing", () => {
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
    ["a list of known values, whatever its origin", ["arn:none"], [second], []],
    ["nothing", undefined, [second], []],
    ["an empty text", "", [], []],
  ])("tells what %s names", (_, value, sources, names) => {
    const user = from(value, sources);
    const stack = new StackView([first, second, other, user]);
    expect(stack.namedBy(user, "arns", ["bucket"]).map(({ name }) => name)).toEqual(names);
    for (const target of [first, second]) {
      expect(stack.refers(user, "arns", target)).toBe(names.includes(target.name));
    }
  });

  it("does not know of an unknown value of unknown origin", () => {
    const user = from([UNKNOWN]);
    const stack = new StackView([first, user]);
    expect(stack.refers(user, "arns", first)).toBeUndefined();
    expect(stack.namedBy(user, "arns", ["bucket"])).toEqual([]);
  });

  it("never takes two unknown values for one", () => {
    const user = from(UNKNOWN, [first]);
    expect(new StackView([first, second, user]).refers(user, "arns", second)).toBe(false);
  });
});
