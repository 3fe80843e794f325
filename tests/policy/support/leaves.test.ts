import { describe, expect, it } from "vitest";
import { leavesOf, replaceLeaf } from "./leaves.ts";

const PROPS = {
  a: "x",
  list: ["y", { b: "z" }],
  n: 1,
  policy: JSON.stringify({ Statement: [{ Sid: "S" }] }),
};

describe("leaves", () => {
  it("finds every string, including those inside JSON texts, and can replace each one separately", () => {
    const changed = leavesOf(PROPS).map((leaf) => replaceLeaf(PROPS, leaf, 7));
    expect(changed).toEqual([
      { ...PROPS, a: 7 },
      { ...PROPS, list: [7, { b: "z" }] },
      { ...PROPS, list: ["y", { b: 7 }] },
      { ...PROPS, policy: 7 },
      { ...PROPS, policy: '{"Statement":[{"Sid":7}]}' },
    ]);
  });
});
