import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateKeys } from "../../../policy/iam/duplicate-keys.ts";

describe("duplicateKeys", () => {
  it.each([
    ["an object", '{"a":1,"b":2,"a":3}', ["a"]],
    ["an object in a list", '{"list":[{"a":1},{"b":1,"b":2}]}', ["list[1].b"]],
    ["a list in a list", '[[0,{"a":1,"a":2}]]', ["[0][1].a"]],
    ["each of three, but for the first", '{"a":1,"a":2,"a":3}', ["a", "a"]],
    ["two spellings of one key", String.raw`{"a":1,"\u0061":2}`, ["a"]],
    ["an empty key", '{"":1,"":2}', [""]],
  ])("names what is given twice in %s", (_, json, paths) => {
    expect(duplicateKeys(json)).toEqual(paths);
  });

  it.each([
    ["keys of two objects", '{"a":{"c":1},"b":{"c":1}}'],
    ["a key and a value", '{"a":"b","b":"a"}'],
    ["values in a list", '["a","a"]'],
    ["signs of JSON in a text", String.raw`{"a":"\"a\":{[,","b":",\"a\":"}`],
    ["a text alone", '"a"'],
  ])("does not take for the same %s", (_, json) => {
    expect(duplicateKeys(json)).toEqual([]);
  });

  it("finds none in what JSON.stringify writes, and one where a key is repeated", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(duplicateKeys(json)).toEqual([]);
        expect(duplicateKeys(`{"k":${json},"k":${json}}`)).toEqual(["k"]);
      }),
    );
  });
});
