import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { documentTypes, judgeStatements } from "../../iam/documents.ts";
import { DATA_ACTIONS } from "../../iam/sensitive-actions.ts";
import { broadGrants } from "../../iam/sensitive-grant.ts";

export const iamDataExfiltration = defineResourceControl({
  id: "IAM-010",
  name: "iam-data-exfiltration",
  title: "Identity policies read the data of named resources only.",
  severity: "high",
  level: "mandatory",
  why: "Anyone who takes over the role can read every bucket, table and secret in the account, not only its own.",
  remediation: "Name the buckets, tables, queues, parameters and secrets that the code reads.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], (statement) => broadGrants(statement, DATA_ACTIONS, "data")),
});
