import { ECR_REPOSITORY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const ecrTagImmutability = defineResourceControl({
  id: "ECR-002",
  name: "ecr-tag-immutability",
  title: "Image tags in ECR can't be moved to another image.",
  severity: "medium",
  level: "advisory",
  why: "If a tag can be moved, a push can change what is deployed next without any code change.",
  remediation: "Set imageTagMutability to IMMUTABLE, with exclusion filters for tags such as latest.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2",
  mappings: { fsbp: ["ECR.2"], cis: [], nist: ["CA-9", "CM-2", "CM-8"] },
  services: ["ecr"],
  types: ECR_REPOSITORY,
  parameters: noParameters,
  *check({ props }) {
    if (props.string("imageTagMutability")?.startsWith("IMMUTABLE") === true) return;
    yield violation({ key: "Tags::mutable", message: "`imageTagMutability` must be IMMUTABLE." });
  },
});
