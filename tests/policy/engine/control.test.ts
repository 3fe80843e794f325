import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineResourceControl } from "../../../policy/engine/control.ts";
import { remedy, resource } from "../support/subject.ts";

const control = defineResourceControl({
  id: "TEST-001",
  name: "test-control",
  title: "It is a test.",
  severity: "low",
  level: "advisory",
  why: "It is a test.",
  remediation: "Put it right.",
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
  it("goes by the parameters of the config, and by their defaults", () => {
    expect(remedy(control, thing, { parameters: { size: 7 } })).toEqual({ size: 7 });
    expect(remedy(control, thing)).toEqual({ size: 3 });
  });

  it("leaves the resource alone when the parameters are not valid", () => {
    expect(remedy(control, thing, { parameters: { size: "large" } })).toEqual({});
  });
});
