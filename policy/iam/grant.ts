/** What an Allow statement grants, action by action: wildcards expanded, `Not…` elements read, conditions understood. */
import { UNNAMEABLE_RESOURCES } from "../aws/action-overrides.ts";
import { type ActionFacts, actionTable } from "../aws/action-table.ts";
import { parseArn } from "../aws/arn.ts";
import { globCovers, globMatches, hasWildcard, isEffectivelyStar } from "../engine/wildcard.ts";
import { requiredValues } from "./condition.ts";
import type { Statement } from "./policy-document.ts";

/** Is the action among the statement's actions, by its name, by a wildcard or by not being a `NotAction`? */
export const namesAction = ({ actions }: Pick<Statement, "actions">, action: string): boolean => {
  const named = actions.patterns.some((pattern) => matchesAction(pattern, action));
  return named !== actions.negated;
};

/** The pattern by which the statement names the action; `NotAction` where it does so by leaving it out. */
export const patternFor = ({ actions }: Pick<Statement, "actions">, action: string): string | undefined => {
  if (actions.negated) return namesAction({ actions }, action) ? "NotAction" : undefined;
  return actions.patterns.find((pattern) => matchesAction(pattern, action));
};

const matchesAction = (pattern: string, action: string): boolean => {
  if (pattern === "*") return true;
  return globMatches(pattern, action, { ignoreCase: true });
};

/** Is the wider statement about every action and resource of the other? False where the other is of all but some. */
export const takesInAllOf = (
  wider: Pick<Statement, "actions" | "resources">,
  { actions, resources }: Pick<Statement, "actions" | "resources">,
): boolean => {
  if (actions.negated || !actions.patterns.every((pattern) => namesAction(wider, pattern))) return false;
  if (wider.resources === undefined) return true;
  if (wider.resources.negated || resources === undefined || resources.negated) return false;
  const covering = wider.resources.patterns;
  return resources.patterns.every((pattern) => covering.some((cover) => globCovers(cover, pattern)));
};

/** How far a statement reaches: to anything in AWS, to every resource of a type, or to those it names. */
export type Reach = "everything" | "every resource" | "named resources";

/**
 * How far the statement's resources reach for an action.
 *
 * @param action as in the action table; without it, only a resource part of `*` counts as every resource.
 */
export const reachOf = ({ resources }: Pick<Statement, "resources">, action?: ActionFacts): Reach => {
  if (resources === undefined || resources.negated) return "everything";
  if (resources.patterns.some(isEverything)) return "everything";
  const every = resources.patterns.some((pattern) => isEveryResource(pattern, action));
  return every ? "every resource" : "named resources";
};

/** The widest reach among the actions that a pattern stands for, leaving out those that can't be narrower. */
export const wideReachOf = (statement: Pick<Statement, "resources">, actionPattern: string): Reach => {
  const actions = actionTable()
    .expand(actionPattern)
    .filter((action) => !action.wildcardOnly);
  const reaches =
    actions.length === 0 ? [reachOf(statement)] : actions.map((action) => reachOf(statement, action));
  if (reaches.includes("everything")) return "everything";
  // A list of all that exists is about all of a type.
  const lists = actions.length > 0 && actions.every(isList);
  return !lists && reaches.includes("every resource") ? "every resource" : "named resources";
};

export const isEverything = (resourcePattern: string): boolean =>
  /^\*+$/.test(resourcePattern) || isEffectivelyStar(resourcePattern);

/** Does the pattern match every resource of one of the action's types, be it in one account and region only? */
const isEveryResource = (resourcePattern: string, action?: ActionFacts): boolean => {
  if (isEverything(resourcePattern)) return true;
  const arn = parseArn(mergeWildcards(resourcePattern));
  if (
    arn === undefined ||
    UNNAMEABLE_RESOURCES.some((start) => `${arn.service}:${arn.resource}`.startsWith(start))
  ) {
    return false;
  }
  if (action === undefined) return /^[*?]+$/.test(arn.resource);
  // Whatever the partition, region and account; a policy variable is one name, though not known here.
  const anywhere = `arn:*:${arn.service}:*:*:${arn.resource.replaceAll(VARIABLE, "v")}`;
  return action.arnTemplates.some((template) => globCovers(anywhere, template.replaceAll(VARIABLE, "*")));
};

/** No name is empty, and few have less than three characters: a `?` beside a `*` leaves out nothing. */
const mergeWildcards = (pattern: string): string => pattern.replaceAll(/[*?]*\*[*?]*/g, "*");

const VARIABLE = /\$\{[^}]*\}/g;

/**
 * Does the statement allow everything on everything? What else is wrong with it does not matter then: the controls
 * IAM-002 and IAM-011 report it, and the others pass over it.
 */
export const isAdministrator = (statement: Pick<Statement, "effect" | "actions" | "resources">): boolean => {
  const { effect, actions } = statement;
  const everyAction = actions.negated
    ? false
    : actions.patterns.some((pattern) => /^\*+(:\*+)?$/.test(pattern));
  return effect === "Allow" && everyAction && reachOf(statement) === "everything";
};

// Besides `aws:ResourceTag/…` and its kin. Each holds what the resource is, or is part of.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
const RESOURCE_KEYS = new Set([
  "cloudwatch:namespace",
  "dynamodb:leadingkeys",
  "ec2:instanceprofile",
  "ec2:subnet",
  "ec2:vpc",
  "ecs:cluster",
  "ecs:service",
  "ecs:task-definition",
  "iam:policyarn",
  "kms:requestalias",
  "kms:resourcealiases",
  "lambda:functionarn",
  "secretsmanager:secretid",
]);

/** Does a condition limit which resources the statement applies to? */
export const limitsResources = (statement: Pick<Statement, "conditions">): boolean =>
  statement.conditions.some(
    ({ key }) =>
      (/(resourcetag|buckettag|existingobjecttag)\//.test(key) || RESOURCE_KEYS.has(key)) &&
      requiredValues(statement, key) !== undefined,
  );

/** Does the wildcard match only actions that tell what exists? AWS's own IAM.21 accepts `ec2:Describe*` and the like. */
export const onlyDescribes = (actionPattern: string): boolean => {
  if (!hasWildcard(actionPattern)) return false;
  if (/^[a-z0-9-]+:(describe|list)/i.test(actionPattern)) return true;
  const actions = actionTable().expand(actionPattern);
  return actions.length > 0 && actions.every(isList);
};

const isList = (action: ActionFacts): boolean => action.accessLevels.join() === "List";

/** Is this exactly a whole service, or more: `s3:*`, `s3:**`, `*`, `*:*`, `?3:*`? */
export const isWholeService = (actionPattern: string): boolean => {
  const [, name = "*"] = actionPattern.split(":");
  return /^\*+$/.test(name);
};
