import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateKeys } from "../../../policy/iam/duplicate-keys.ts";

describe("duplicateKeys", () => {
  it.each([
    ["an object", '{"a":1,"b":2,"a":3}', ["a"]],
    ["an object in a list", '{"list":[{"a":1},{"b":1,"b":2}]}', ["list[1].b"]],
    ["a list in a list", '[[0,{"a":1,"a":2}]]', ["[0][1].a"]],
    ["three times the same key", '{"a":1,"a":2,"a":3}', ["a", "a"]],
    ["two spellings of one key", String.raw`{"a":1,"\u0061":2}`, ["a"]],
    ["an empty key", '{"":1,"":2}', [""]],
  ])("finds repeated keys in %s", (_, json, paths) => {
    expect(duplicateKeys(json)).toEqual(paths);
  });

  it.each([
    ["keys of two objects", '{"a":{"c":1},"b":{"c":1}}'],
    ["a key and a value", '{"a":"b","b":"a"}'],
    ["values in a list", '["a","a"]'],
    ["JSON characters in a string", String.raw`{"a":"\"a\":{[,","b":",\"a\":"}`],
    ["a single string", '"a"'],
  ])("does not report %s", (_, json) => {
    expect(duplicateKeys(json)).toEqual([]);
  });

  it("finds no repeated key in the output of JSON.stringify, and one if a key is added twice", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(duplicateKeys(json)).toEqual([]);
        expect(duplicateKeys(`{"k":${json},"k":${json}}`)).toEqual(["k"]);
      }),
    );
  });
});
