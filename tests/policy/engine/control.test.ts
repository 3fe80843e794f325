import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineResourceControl } from "../../../policy/engine/control.ts";
import { remedy, resource } from "../support/subject.ts";

const control = defineResourceControl({
  id: "TEST-001",
  name: "test-control",
  title: "This is a test.",
  severity: "low",
  level: "advisory",
  why: "This is a test.",
  remediation: "Fix it.",
  url: "https://example.com",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["test"],
  types: ["test:index:Thing"],
  parameters: z.strictObject({ size: z.number().default(3).describe("Size.") }),
  check: () => [],
  remediate: (_, { parameters }) => ({ size: parameters.size }),
});
const thing = resource({ type: "test:index:Thing" });

describe("a remediation", () => {
  it("uses the parameters of the config and their defaults", () => {
    expect(remedy(control, thing, { parameters: { size: 7 } })).toEqual({ size: 7 });
    expect(remedy(control, thing)).toEqual({ size: 3 });
  });

  it("changes nothing when the parameters are invalid", () => {
    expect(remedy(control, thing, { parameters: { size: "large" } })).toEqual({});
  });
});
