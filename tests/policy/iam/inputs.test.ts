import { describe, expect, it } from "vitest";
import { isInput } from "../../../policy/iam/inputs.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

const origin = resource({ type: "aws:kms/key:Key" });
const role = (inlinePolicies: unknown, propertyDependencies = {}) =>
  resource({ type: "aws:iam/role:Role", props: { inlinePolicies }, propertyDependencies });

describe("isInput", () => {
  it.each([
    [true, "that the engine lists without origins", role([], { inlinePolicies: [] })],
    [true, "that the engine lists with an origin", role(UNKNOWN, { inlinePolicies: [origin] })],
    [false, "that the engine does not list, while it lists others", role([{ name: "a" }], { name: [] })],
    [false, "that is unknown and not listed, while others are", role(UNKNOWN, { name: [] })],
    [true, "that is known, when the engine lists no inputs", role([{ name: "a" }])],
    [false, "that is unknown, when the engine lists no inputs", role(UNKNOWN)],
    [false, "that is missing", role(undefined)],
  ])("is %s for a property %s", (expected, _, subject) => {
    expect(isInput(subject, "inlinePolicies")).toBe(expected);
  });
});
