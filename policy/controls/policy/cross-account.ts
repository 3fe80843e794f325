import { defineStackControl, noParameters } from "../../engine/control.ts";
import { notJudged, violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";
import { accountsOfStack } from "../../iam/accounts.ts";
import { accountsOf } from "../../iam/audience.ts";
import { documentTypes, nameOf } from "../../iam/documents.ts";
import { judgeInputStatements } from "../../iam/inputs.ts";

const KINDS = ["resource", "key", "trust"] as const;
const TYPES = documentTypes(...KINDS);

export const policyCrossAccount = defineStackControl({
  id: "POL-003",
  name: "policy-cross-account",
  title:
    "Resource policies and trust policies grant access only to the stack's own account and allowed accounts.",
  severity: "high",
  level: "mandatory",
  why: "A wrong or outdated account id gives strangers access to the resource.",
  remediation: "Remove the account, or list it under allowedAccounts in the pack's `pack-settings`.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies-cross-account-resource-access.html",
  mappings: { fsbp: ["S3.6"], cis: [], nist: ["AC-3"] },
  services: ["iam", "s3", "sqs", "sns", "kms"],
  types: TYPES,
  parameters: noParameters,
  check: (stack, { settings }) => {
    const known = new Set([...accountsOfStack(stack), ...settings.allowedAccounts]);
    return judgeEach(stack.ofType(TYPES), (resource) =>
      judgeInputStatements(resource, KINDS, function* (statement) {
        if (statement.effect === "Deny") return;
        const accounts = accountsOf(statement).filter((account) => !known.has(account));
        if (accounts.length === 0) return;
        // At a first preview the stack's own account may not be known yet.
        if (accountsOfStack(stack).size === 0) {
          yield notJudged(`${statement.path} ${statement.label}`);
          return;
        }
        yield violation({
          key: `Account::${statement.label}`,
          message: `${nameOf(statement)} must not grant access to an account that is neither the stack's own nor allowed.`,
        });
      }),
    );
  },
});
