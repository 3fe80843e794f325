import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { type Judgement, violation } from "../../engine/judgement.ts";
import { isEveryone, limitsCallers } from "../../iam/audience.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isWholeService } from "../../iam/grant.ts";
import type { Principal } from "../../iam/policy-document-schema.ts";
import { isSamlProvider, missingClaim } from "../../iam/web-identity.ts";

export const iamTrustPrincipal = defineResourceControl({
  id: "IAM-014",
  name: "iam-trust-principal",
  title: "Trust policies name exactly who may assume the role.",
  severity: "critical",
  level: "mandatory",
  why: "Anyone who may assume the role gets all its permissions. Anyone can get a token from a shared identity provider such as GitHub.",
  remediation:
    "Name the principals. Limit `*` with aws:PrincipalOrgID, aws:PrincipalArn or aws:PrincipalAccount, and web identities with the provider's sub claim.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "sts"],
  types: documentTypes("trust"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["trust"], function* (statement) {
      const { effect, actions, principals } = statement;
      if (effect === "Deny") return;
      for (const pattern of actions.negated ? [] : actions.patterns) {
        if (!isWholeService(pattern)) continue;
        yield violation({
          key: `Action::${pattern}`,
          message: `${nameOf(statement)} must name the action, such as sts:AssumeRole, instead of \`${pattern}\`.`,
        });
      }
      if (principals === undefined || principals.negated) return;
      for (const principal of principals.principals) yield* judgePrincipal(statement, principal);
    }),
});

function* judgePrincipal(statement: FoundStatement, principal: Principal): Generator<Judgement> {
  const { type, value } = principal;
  if (isEveryone(principal)) {
    if (limitsCallers(statement)) return;
    yield violation({
      key: `Principal::${statement.label}`,
      message: `${nameOf(statement)} must not let everyone assume the role.`,
    });
  } else if (type === "Federated" && !isSamlProvider(value)) {
    const missing = missingClaim(statement, value);
    if (missing === undefined) return;
    yield violation({
      key: `WebIdentity::${statement.label}`,
      message: `${nameOf(statement)} must name ${missing} in a condition on the provider's claims.`,
    });
  }
}
