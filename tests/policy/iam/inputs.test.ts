import { describe, expect, it } from "vitest";
import { isInput } from "../../../policy/iam/inputs.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

const origin = resource({ type: "aws:kms/key:Key" });
const role = (inlinePolicies: unknown, propertyDependencies = {}) =>
  resource({ type: "aws:iam/role:Role", props: { inlinePolicies }, propertyDependencies });

describe("isInput", () => {
  it.each([
    ["listed by the engine as from nowhere", role([], { inlinePolicies: [] }), true],
    ["listed by the engine as from another resource", role(UNKNOWN, { inlinePolicies: [origin] }), true],
    ["not listed beside others: AWS tells of it", role([{ name: "a" }], { name: [] }), false],
    ["unknown and not listed beside others", role(UNKNOWN, { name: [] }), false],
    ["known, where the engine lists none", role([{ name: "a" }]), true],
    ["unknown, where the engine lists none", role(UNKNOWN), false],
    ["missing", role(undefined), false],
  ])("a property %s", (_, subject, expected) => {
    expect(isInput(subject, "inlinePolicies")).toBe(expected);
  });
});
