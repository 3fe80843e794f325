import { describe, expect, it } from "vitest";
import { policyDataStoreProtection } from "../../../../policy/controls/policy/data-store-protection.ts";
import { proveControl } from "../../support/proof.ts";
import { judge, resource } from "../../support/subject.ts";

describe("POL-008 policy-data-store-protection", () => {
  it.each(policyDataStoreProtection.types)("reports %s without protection", (type) => {
    expect(judge(policyDataStoreProtection, resource({ type, options: { protect: true } })).outcome).toBe(
      "compliant",
    );
    expect(judge(policyDataStoreProtection, resource({ type })).findings).toMatchObject([
      { key: "Protect::off", message: "The resource option `protect` must be true." },
    ]);
  });

  it("does not apply to resources without data", () => {
    expect(judge(policyDataStoreProtection, resource({ type: "aws:sns/topic:Topic" })).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(policyDataStoreProtection, { never: ["not judged"] });
});
