import { ECR_REGISTRY_SCANNING, ECR_REPOSITORY } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const ecrImageScan = defineStackControl({
  id: "ECR-001",
  name: "ecr-image-scan",
  title: "Images in ECR are scanned for known vulnerabilities.",
  severity: "high",
  level: "advisory",
  why: "Nobody learns of the known vulnerabilities in an image that is never scanned.",
  remediation:
    "Set imageScanningConfiguration.scanOnPush or configure scanning for the registry. Exempt the repository if another stack configures it.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-1",
  mappings: { fsbp: ["ECR.1"], cis: [], nist: ["RA-5"] },
  services: ["ecr"],
  types: ECR_REPOSITORY,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(ECR_REPOSITORY), function* ({ props }) {
      if (stack.ofType(ECR_REGISTRY_SCANNING).length > 0) return;
      if (props.child("imageScanningConfiguration")?.boolean("scanOnPush") === true) return;
      yield violation({
        key: "Scanning::disabled",
        message: "`imageScanningConfiguration.scanOnPush` must be true.",
      });
    }),
});
