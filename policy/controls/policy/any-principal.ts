import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { limitsCallers, namesEveryone } from "../../iam/audience.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";

const KINDS = ["resource", "key"] as const;

export const policyAnyPrincipal = defineResourceControl({
  id: "POL-002",
  name: "policy-any-principal",
  title: "Resource policies do not grant access to everyone.",
  severity: "critical",
  level: "mandatory",
  why: "The principal `*` means everyone with an AWS account and, for some services, everyone on the internet.",
  remediation:
    "Name the principals, or limit `*` with a condition with exact values on aws:PrincipalOrgID, aws:SourceAccount, aws:SourceVpce or a similar key.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
  mappings: { fsbp: ["KMS.5", "SNS.4", "SQS.3"], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "s3", "sqs", "sns", "kms"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, KINDS, function* (statement) {
      if (statement.effect === "Deny" || !namesEveryone(statement) || limitsCallers(statement)) return;
      yield violation({
        key: `Principal::${statement.label}`,
        message: `${nameOf(statement)} must not grant access to everyone.`,
      });
    }),
});
