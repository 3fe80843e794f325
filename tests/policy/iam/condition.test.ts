import { describe, expect, it } from "vitest";
import { parseCondition, requiredValues } from "../../../policy/iam/condition.ts";

describe("parseCondition", () => {
  it.each([
    ["StringEquals", { operator: "StringEquals", quantifier: undefined, ifExists: false }],
    ["stringlike", { operator: "StringLike", quantifier: undefined, ifExists: false }],
    ["ArnLikeIfExists", { operator: "ArnLike", quantifier: undefined, ifExists: true }],
    ["ForAllValues:StringEquals", { operator: "StringEquals", quantifier: "ForAllValues", ifExists: false }],
    ["ForAnyValue:StringLikeIfExists", { operator: "StringLike", quantifier: "ForAnyValue", ifExists: true }],
    ["Bool", { operator: "Bool", quantifier: undefined, ifExists: false }],
  ])("reads %s", (operator, expected) => {
    expect(parseCondition(operator, "aws:SourceArn", ["x"])).toEqual({
      ...expected,
      key: "aws:sourcearn",
      values: ["x"],
    });
  });

  it.each([
    "StringIs",
    "",
    "IfExists",
    "ForSomeValues:StringEquals",
    "ForAnyValue:",
    "Not StringEquals",
    "xForAnyValue:StringEquals",
  ])("does not parse the operator %j", (operator) => {
    expect(parseCondition(operator, "aws:SourceArn", ["x"])).toBeUndefined();
  });
});

describe("requiredValues", () => {
  const required = (operator: string, values: string[]) => {
    const condition = parseCondition(operator, "AWS:sourceaccount", values);
    return requiredValues({ conditions: condition === undefined ? [] : [condition] }, "aws:SourceAccount");
  };

  it.each(["StringEquals", "StringLike", "ArnLike", "ForAnyValue:StringEquals"])(
    "are the values of %s",
    (operator) => {
      expect(required(operator, ["111122223333"])).toEqual(["111122223333"]);
    },
  );

  it.each([
    ["StringNotEquals", "111122223333"],
    ["StringEqualsIfExists", "111122223333"],
    ["ForAllValues:StringEquals", "111122223333"],
    ["Null", "false"],
    ["NumericEquals", "1"],
    ["StringLike", ""],
    ["StringLike", "*"],
    ["StringLike", "?*"],
    ["ArnLike", "*:*:*"],
    ["StringEquals", `\${aws:PrincipalAccount}`],
  ])("are undefined for %s %s, which limits nothing", (operator, value) => {
    expect(required(operator, [value])).toBeUndefined();
  });

  it.each(["1*", "*1", "a:*", `x\${aws:username}`, `\${aws:username}x`])(
    "are the values of StringLike %s",
    (value) => {
      expect(required("StringLike", [value])).toEqual([value]);
    },
  );

  it("are undefined for a condition without values", () => {
    expect(required("StringEquals", [])).toBeUndefined();
  });

  it("are undefined when one of the values matches everything", () => {
    expect(required("StringLike", ["111122223333", "*"])).toBeUndefined();
  });

  it("are undefined for another key", () => {
    expect(requiredValues({ conditions: [] }, "aws:SourceAccount")).toBeUndefined();
    const condition = parseCondition("StringEquals", "aws:SourceArn", ["arn:aws:s3:::images"]);
    if (condition === undefined) throw new Error("The condition must be valid.");
    expect(requiredValues({ conditions: [condition] }, "aws:SourceAccount")).toBeUndefined();
  });
});
