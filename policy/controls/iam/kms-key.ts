import { actionTable } from "../../aws/action-table.ts";
import { arnsOverlap, parseArn } from "../../aws/arn.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { conditionsOn, requiredValues } from "../../iam/condition.ts";
import { documentTypes, type FoundStatement, judgeStatements, nameOf } from "../../iam/documents.ts";
import { isAdministrator, isWholeService, namesAction } from "../../iam/grant.ts";

export const iamKmsKey = defineResourceControl({
  id: "IAM-016",
  name: "iam-kms-key",
  title: "Identity policies name exact KMS keys and do not let others use them.",
  severity: "high",
  level: "mandatory",
  why: "An identity that can use all keys can decrypt all data in the account. An alias in Resource allows nothing on its key.",
  remediation:
    "Use key ARNs, or a condition on kms:ResourceAliases if only the alias is known. Limit kms:CreateGrant with the condition kms:GrantIsForAWSResource true.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
  mappings: { fsbp: ["KMS.1", "KMS.2"], cis: [], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["iam", "kms"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      const { effect, actions, label, resources } = statement;
      if (effect === "Deny" || isAdministrator(statement) || !changesOrUses(statement, "key")) return;
      for (const pattern of actions.negated ? [] : actions.patterns) {
        if (!/^kms:/i.test(pattern) || !isWholeService(pattern)) continue;
        yield violation({
          key: `Action::${pattern}`,
          message: `${nameOf(statement)} must list the actions on keys instead of \`${pattern}\`.`,
        });
      }
      const patterns = resources === undefined || resources.negated ? ["*"] : resources.patterns;
      const keys = patterns.filter((pattern) => canBe(pattern, "key"));
      if (keys.some(isInexact) && !namesAliases(statement)) {
        yield violation({
          key: `Key::${label}`,
          message: `${nameOf(statement)} must name each KMS key by its exact ARN.`,
        });
      }
      const aliases = patterns.filter((pattern) => !canBe(pattern, "key") && canBe(pattern, "alias"));
      if (aliases.length > 0 && !changesOrUses(statement, "alias")) {
        yield violation({
          key: `Alias::${label}`,
          message: `${nameOf(statement)} must name the KMS key by its key ARN: an alias in Resource allows nothing.`,
        });
      }
      if (keys.length > 0 && namesAction(statement, "kms:CreateGrant") && !grantsToServicesOnly(statement)) {
        yield violation({
          key: `Grant::${label}`,
          message: `${nameOf(statement)} must limit kms:CreateGrant with the condition kms:GrantIsForAWSResource.`,
        });
      }
    }),
});

type KmsResource = "key" | "alias";

/** Does the statement name a KMS action that uses or changes such a resource, rather than only listing or reading it? */
const changesOrUses = (statement: FoundStatement, type: KmsResource): boolean =>
  actionTable()
    .expand("kms:*")
    .some(
      ({ name, accessLevels, arnTemplates }) =>
        accessLevels.some((level) => level !== "List" && level !== "Read") &&
        arnTemplates.some((template) => template.includes(`:${type}/`)) &&
        namesAction(statement, name),
    );

const canBe = (pattern: string, type: KmsResource): boolean =>
  arnsOverlap(pattern, `arn:*:kms:*:*:${type}/*`);

/** The region may be a wildcard: replicas of a key in other regions have the same id. */
const isInexact = (pattern: string): boolean => {
  const arn = parseArn(pattern);
  if (arn === undefined || pattern.includes("${")) return true;
  return hasWildcard(arn.account) || hasWildcard(arn.resource);
};

const namesAliases = (statement: FoundStatement): boolean =>
  ["kms:ResourceAliases", "kms:RequestAlias"].some((key) => {
    const aliases = requiredValues(statement, key);
    return aliases !== undefined && !aliases.some(hasWildcard);
  });

const grantsToServicesOnly = (statement: FoundStatement): boolean =>
  requiredValues(statement, "kms:GranteePrincipal") !== undefined ||
  conditionsOn(statement, "kms:GrantIsForAWSResource").some(
    ({ operator, ifExists, values }) =>
      operator === "Bool" && !ifExists && values.every((value) => value === "true"),
  );
