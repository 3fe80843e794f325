import { actionTable, resourceFits } from "../../aws/action-table.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { requiredValues } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isAdministrator, namesAction } from "../../iam/grant.ts";

const PASS_ROLE = "iam:PassRole";

export const iamPassRole = defineResourceControl({
  id: "IAM-007",
  name: "iam-pass-role",
  title: "Identity policies allow iam:PassRole only for exact roles and exact services.",
  severity: "high",
  level: "mandatory",
  why: "Anyone who can pass a more powerful role to a service that runs code or templates can act with that role.",
  remediation:
    "Allow iam:PassRole in a separate statement, on the role's ARN, with a StringEquals condition on iam:PassedToService.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      if (statement.effect === "Deny" || isAdministrator(statement) || !namesAction(statement, PASS_ROLE))
        return;
      const roles = rolesOf(statement);
      if (roles.length === 0) return;
      if (!roles.every(isExact)) {
        yield violation({
          key: `Role::${statement.label}`,
          message: `${nameOf(statement)} allows iam:PassRole, so it must name each role by its exact ARN.`,
        });
      }
      const services = requiredValues(statement, "iam:PassedToService");
      if (services === undefined || services.some(hasWildcard)) {
        yield violation({
          key: `PassedToService::${statement.label}`,
          message: `${nameOf(statement)} allows iam:PassRole, so it must name the service in a condition on iam:PassedToService.`,
        });
      }
    }),
});

/** The resources that can be roles; the others are for other actions of the statement. */
const rolesOf = ({ resources }: FoundStatement): readonly string[] => {
  if (resources === undefined || resources.negated) return ["*"];
  const passRole = actionTable().find(PASS_ROLE);
  return resources.patterns.filter((pattern) => passRole === undefined || resourceFits(passRole, pattern));
};

const isExact = (arn: string): boolean => !hasWildcard(arn) && !arn.includes("${");
