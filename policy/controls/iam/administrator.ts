import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isAdministrator } from "../../iam/grant.ts";

export const iamAdministrator = defineResourceControl({
  id: "IAM-011",
  name: "iam-administrator",
  title: "Identity policies do not allow all actions on all resources.",
  severity: "critical",
  level: "mandatory",
  why: "Anyone who takes over the identity controls the account.",
  remediation: "List the actions and resources that are needed. For people, use AWS's job-function policies.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1",
  mappings: { fsbp: ["IAM.1"], cis: ["1.15"], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      if (!isAdministrator(statement)) return;
      yield violation({
        key: `Administrator::${statement.label}`,
        message: `${nameOf(statement)} must not allow all actions on all resources.`,
      });
    }),
});
