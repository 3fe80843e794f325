import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { MalformedProperty, Properties, UnknownProperty } from "../../../policy/engine/properties.ts";
import { UNKNOWN_SENTINELS } from "../../../policy/engine/unknown.ts";
import { UNKNOWN } from "../support/subject.ts";

const read = (source: object) => new Properties(unknownCheckingProxy(source));

describe("Properties", () => {
  it("reads known values", () => {
    const props = read({
      text: "a",
      flag: false,
      size: 3,
      list: ["a", "b"],
      nested: { text: "b" },
      rules: [{ id: "c" }],
    });
    expect(props.string("text")).toBe("a");
    expect(props.boolean("flag")).toBe(false);
    expect(props.number("size")).toBe(3);
    expect(props.strings("list")).toEqual(["a", "b"]);
    expect(props.child("nested")?.string("text")).toBe("b");
    expect(props.children("rules").map((rule) => rule.string("id"))).toEqual(["c"]);
  });

  it.each([undefined, null, ""])("treats %j as missing", (value) => {
    const props = read({ value });
    expect(props.has("value")).toBe(false);
    expect(props.string("value")).toBeUndefined();
    expect(props.strings("value")).toEqual([]);
    expect(props.child("value")).toBeUndefined();
  });

  it("reads booleans and numbers written as text, as the provider does", () => {
    const props = read({ flag: "true", size: "14" });
    expect([props.boolean("flag"), props.number("size")]).toEqual([true, 14]);
  });

  it.each(Object.entries(UNKNOWN_SENTINELS))(
    "distinguishes an unknown %s from a missing one",
    (_, sentinel) => {
      const props = read({ value: sentinel });
      expect([props.has("value"), props.isUnknown("value")]).toEqual([true, true]);
      expect(() => props.string("value")).toThrow(new UnknownProperty("value"));
      expect(() => props.children("value")).toThrow(UnknownProperty);
    },
  );

  it("finds an unknown value inside a longer text, a list or an object", () => {
    const props = read({
      text: `arn:aws:s3:::${UNKNOWN}/*`,
      list: ["a", UNKNOWN],
      nested: { deep: UNKNOWN },
    });
    expect(() => props.string("text")).toThrow(UnknownProperty);
    expect(() => props.strings("list")).toThrow(new UnknownProperty("list[1]"));
    expect(() => props.child("nested")?.string("deep")).toThrow(new UnknownProperty("nested[0].deep"));
  });

  it("names the path and the expected kind, never the value", () => {
    const props = read({ text: 7, flag: "hunter2", size: "hunter2", list: [1], rules: ["hunter2"] });
    expect(() => props.string("text")).toThrow(new MalformedProperty("text", "a string"));
    expect(() => props.boolean("flag")).toThrow("`flag` must be a boolean.");
    expect(() => props.number("size")).toThrow("`size` must be a number.");
    expect(() => props.strings("list")).toThrow("`list[0]` must be a string.");
    expect(() => props.children("rules")).toThrow("`rules[0]` must be an object.");
  });
});
