import { IAM_ACCESS_KEY } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const iamAccessKey = defineResourceControl({
  id: "IAM-021",
  name: "iam-access-key",
  title: "The stack creates no long-term access keys.",
  severity: "high",
  level: "mandatory",
  why: "The key never expires, and anyone who can read the stack's state can read its secret.",
  remediation:
    "Use a role: the role of the service that runs the code, or, outside AWS, a role assumed by a web identity.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["iam"],
  types: IAM_ACCESS_KEY,
  parameters: noParameters,
  *check({ props }) {
    if (props.string("status") === "Inactive") return;
    yield violation({ key: "AccessKey::active", message: "The program must not create an access key." });
  },
});
