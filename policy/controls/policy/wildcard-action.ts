import { accountOf } from "../../aws/arn.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isWholeService } from "../../iam/grant.ts";

const KINDS = ["resource", "key"] as const;

export const policyWildcardAction = defineResourceControl({
  id: "POL-006",
  name: "policy-wildcard-action",
  title: "Resource policies do not allow all actions of a service.",
  severity: "medium",
  level: "mandatory",
  why: "All actions include those that delete the resource or change the policy itself.",
  remediation: "List the actions that the principal needs.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "s3", "sqs", "sns", "kms"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, KINDS, function* (statement) {
      const { effect, actions } = statement;
      if (effect === "Deny" || actions.negated || delegatesToAccount(statement)) return;
      for (const pattern of actions.patterns) {
        if (!isWholeService(pattern)) continue;
        yield violation({
          key: `Action::${statement.label}/${pattern}`,
          message: `${nameOf(statement)} must name its actions instead of \`${pattern}\`.`,
        });
      }
    }),
});

/** `kms:*` for the account's root delegates to the account's IAM policies, as AWS's default key policy does. */
const delegatesToAccount = ({ kind, principals }: FoundStatement): boolean =>
  kind === "key" &&
  principals !== undefined &&
  !principals.negated &&
  principals.principals.every(
    ({ type, value }) =>
      type === "AWS" &&
      (/^\d{12}$/.test(value) || (accountOf(value) !== undefined && value.endsWith(":root"))),
  );
