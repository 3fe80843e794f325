import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renderCatalogue } from "../../../policy/engine/catalogue.ts";
import { type ControlMetadata, defineResourceControl, noParameters } from "../../../policy/engine/control.ts";

const metadata: ControlMetadata = {
  id: "TEST-001",
  name: "test-control",
  title: "Things are small.",
  severity: "low",
  level: "advisory",
  why: "Large ones cost more.",
  remediation: "Make it smaller.",
  url: "https://docs.aws.amazon.com/test",
  mappings: { fsbp: ["Test.1"], cis: [], nist: ["AC-1", "AC-2"] },
  services: ["test"],
  types: ["test:index:Thing"],
};
const control = (changes: Partial<ControlMetadata>, parameters: z.ZodObject = noParameters) =>
  defineResourceControl({ ...metadata, ...changes, parameters, check: () => [] });

describe("the catalogue", () => {
  it("describes a control", () => {
    expect(renderCatalogue([control({})])).toContain(
      [
        "### test-control",
        "",
        "Things are small.",
        "",
        "**TEST-001** · severity low · level advisory · judged on each resource, before it is created",
        "",
        "- Why: Large ones cost more.",
        "- Fix: Make it smaller.",
        "- Maps to: FSBP Test.1; NIST 800-53 AC-1, AC-2",
        "- More: <https://docs.aws.amazon.com/test>",
        "- Judges: `test:index:Thing`",
      ].join("\n"),
    );
  });

  it("says when no framework contains the control", () => {
    const mappings = { fsbp: [], cis: [], nist: [] };
    expect(renderCatalogue([control({ mappings })])).toContain("- Maps to: no framework");
  });

  it("shortens a long list of types", () => {
    const types = Array.from({ length: 31 }, (_, index) => `test:index:Thing${index}`);
    expect(renderCatalogue([control({ types })])).toContain(
      "- Judges: 31 types, such as `test:index:Thing0`, `test:index:Thing1`, `test:index:Thing2`",
    );
  });

  it("lists parameters with their type, default and meaning", () => {
    const parameters = z.strictObject({ size: z.number().default(3).describe("Largest size.") });
    expect(renderCatalogue([control({}, parameters)])).toContain(
      "| `size`    | number | `3`     | Largest size. |",
    );
  });

  it("rejects a parameter without a default or a description", () => {
    expect(() => renderCatalogue([control({}, z.strictObject({ size: z.number().default(3) }))])).toThrow();
    const needed = z.strictObject({ size: z.number().describe("Size.") });
    expect(() => renderCatalogue([control({}, needed)])).toThrow("must have a default");
  });

  it("sorts controls by id", () => {
    const page = renderCatalogue([
      control({ id: "B-001", name: "b-b" }),
      control({ id: "A-001", name: "a-a" }),
    ]);
    expect(page.indexOf("### a-a")).toBeLessThan(page.indexOf("### b-b"));
  });
});
