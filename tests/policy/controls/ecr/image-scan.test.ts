import { describe, expect, it } from "vitest";
import { ecrImageScan } from "../../../../policy/controls/ecr/image-scan.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const repository = (imageScanningConfiguration: unknown) =>
  resource({ type: "aws:ecr/repository:Repository", name: "images", props: { imageScanningConfiguration } });
const registry = resource({ type: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration" });

describe("ECR-001 ecr-image-scan", () => {
  it("accepts a repository that scans images on push", () => {
    expect(judge(ecrImageScan, [repository({ scanOnPush: true })]).outcome).toBe("compliant");
  });

  it("accepts a repository when the registry is scanned", () => {
    expect(judge(ecrImageScan, [repository(undefined), registry]).outcome).toBe("compliant");
  });

  it.each([[undefined], [{ scanOnPush: false }]])("reports %o", (configuration) => {
    expect(findingsOf(judge(ecrImageScan, [repository(configuration)]))).toEqual([
      "images Scanning::disabled",
    ]);
  });

  it("does not judge an unknown setting", () => {
    expect(judge(ecrImageScan, [repository({ scanOnPush: UNKNOWN })]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without repositories", () => {
    expect(judge(ecrImageScan, [registry]).outcome).toBe("not applicable");
  });

  proveControl(ecrImageScan);
});
