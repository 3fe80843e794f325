import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { documentTypes, judgeStatements } from "../../iam/documents.ts";
import { CREDENTIAL_ACTIONS } from "../../iam/sensitive-actions.ts";
import { broadGrants } from "../../iam/sensitive-grant.ts";

export const iamCredentialExposure = defineResourceControl({
  id: "IAM-009",
  name: "iam-credential-exposure",
  title: "Identity policies grant access to credentials of named resources only.",
  severity: "high",
  level: "mandatory",
  why: "Credentials can be used from anywhere, and remain valid after the role that fetched them is gone.",
  remediation:
    "Name the exact users, roles or databases. Remove actions that nothing calls, especially sts:GetFederationToken and sts:GetSessionToken.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "sts"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], (statement) =>
      broadGrants(statement, CREDENTIAL_ACTIONS, "credentials"),
    ),
});
