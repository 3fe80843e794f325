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
  title: "Identity policies use exact KMS keys, and grant no use of them to others.",
  severity: "high",
  level: "mandatory",
  why: "A key guards only what its users need: with all keys, all encrypted data of the account lies open; and an alias in Resource allows nothing on the key behind it.",
  remediation:
    "Give key ARNs; where only an alias is known, a condition on kms:ResourceAliases. Limit kms:CreateGrant by kms:GrantIsForAWSResource true.",
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
          message: `${nameOf(statement)} must name what it does with keys instead of \`${pattern}\`.`,
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
          message: `${nameOf(statement)} must name the KMS key by its own ARN: its alias there allows nothing.`,
        });
      }
      if (keys.length > 0 && namesAction(statement, "kms:CreateGrant") && !grantsToServicesOnly(statement)) {
        yield violation({
          key: `Grant::${label}`,
          message: `${nameOf(statement)} must limit kms:CreateGrant by the condition kms:GrantIsForAWSResource.`,
        });
      }
    }),
});

type KmsResource = "key" | "alias";

/** Does the statement name an action of KMS that does more with such a resource than to tell of it? */
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

/** The replicas of a key in other regions have its id, so the region may be open. */
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
