/** What an Allow statement grants for each action, with wildcards, `Not…` elements and conditions taken into account. */
import { UNNAMEABLE_RESOURCES } from "../aws/action-overrides.ts";
import { type ActionFacts, actionTable } from "../aws/action-table.ts";
import { parseArn } from "../aws/arn.ts";
import { globCovers, globMatches, hasWildcard, isEffectivelyStar } from "../engine/wildcard.ts";
import { requiredValues } from "./condition.ts";
import type { Statement } from "./policy-document.ts";

/** Does the statement apply to the action: by name, by a wildcard, or because `NotAction` does not list it? */
export const namesAction = ({ actions }: Pick<Statement, "actions">, action: string): boolean => {
  const named = actions.patterns.some((pattern) => matchesAction(pattern, action));
  return named !== actions.negated;
};

/** The pattern that names the action, or `NotAction` when the statement applies because it does not list the action. */
export const patternFor = ({ actions }: Pick<Statement, "actions">, action: string): string | undefined => {
  if (actions.negated) return namesAction({ actions }, action) ? "NotAction" : undefined;
  return actions.patterns.find((pattern) => matchesAction(pattern, action));
};

const matchesAction = (pattern: string, action: string): boolean => {
  if (pattern === "*") return true;
  return globMatches(pattern, action, { ignoreCase: true });
};

/** Does the wider statement apply to every action and resource of the other? False for `NotAction` and `NotResource`. */
export const coversAllOf = (
  wider: Pick<Statement, "actions" | "resources">,
  { actions, resources }: Pick<Statement, "actions" | "resources">,
): boolean => {
  if (actions.negated || !actions.patterns.every((pattern) => namesAction(wider, pattern))) return false;
  if (wider.resources === undefined) return true;
  if (wider.resources.negated || resources === undefined || resources.negated) return false;
  const covering = wider.resources.patterns;
  return resources.patterns.every((pattern) => covering.some((cover) => globCovers(cover, pattern)));
};

/** What a statement reaches: everything in AWS, every resource of a type, or only the resources it names. */
export type Reach = "everything" | "every resource" | "named resources";

/**
 * What the statement's resources reach for an action.
 *
 * @param action from the action table. Without it, only the resource part `*` counts as every resource.
 */
export const reachOf = ({ resources }: Pick<Statement, "resources">, action?: ActionFacts): Reach => {
  if (resources === undefined || resources.negated) return "everything";
  if (resources.patterns.some(isEverything)) return "everything";
  const every = resources.patterns.some((pattern) => isEveryResource(pattern, action));
  return every ? "every resource" : "named resources";
};

/** The widest reach among the actions that a pattern matches. Ignores actions that can only be granted on `*`. */
export const widestReachOf = (statement: Pick<Statement, "resources">, actionPattern: string): Reach => {
  const actions = actionTable()
    .expand(actionPattern)
    .filter((action) => !action.wildcardOnly);
  const reaches =
    actions.length === 0 ? [reachOf(statement)] : actions.map((action) => reachOf(statement, action));
  if (reaches.includes("everything")) return "everything";
  // Listing what exists concerns every resource of a type by nature.
  const lists = actions.length > 0 && actions.every(isList);
  return !lists && reaches.includes("every resource") ? "every resource" : "named resources";
};

export const isEverything = (resourcePattern: string): boolean =>
  /^\*+$/.test(resourcePattern) || isEffectivelyStar(resourcePattern);

/** Does the pattern match every resource of one of the action's types, at least within one account and region? */
const isEveryResource = (resourcePattern: string, action?: ActionFacts): boolean => {
  const arn = parseArn(mergeWildcards(resourcePattern));
  if (
    arn === undefined ||
    UNNAMEABLE_RESOURCES.some((start) => `${arn.service}:${arn.resource}`.startsWith(start))
  ) {
    return false;
  }
  if (action === undefined) return arn.resource === "*";
  // Ignores partition, region and account. A policy variable counts as one name, although its value is not known here.
  const anywhere = `arn:*:${arn.service}:*:*:${arn.resource.replaceAll(VARIABLE, "v")}`;
  return action.arnTemplates.some((template) => globCovers(anywhere, template.replaceAll(VARIABLE, "*")));
};

/** No name is empty, and few are shorter than three characters, so a `?` next to a `*` excludes nothing. */
const mergeWildcards = (pattern: string): string => pattern.replaceAll(/[*?]*\*[*?]*/g, "*");

const VARIABLE = /\$\{[^}]*\}/g;

/**
 * Does the statement allow everything on everything? IAM-002 and IAM-011 report such a statement, and the other
 * controls skip it, because further faults make no difference.
 */
export const isAdministrator = (statement: Pick<Statement, "effect" | "actions" | "resources">): boolean => {
  const { effect, actions } = statement;
  const everyAction = actions.negated
    ? false
    : actions.patterns.some((pattern) => /^\*+(:\*+)?$/.test(pattern));
  return effect === "Allow" && everyAction && reachOf(statement) === "everything";
};

// In addition to `aws:ResourceTag/…` and similar keys. Each identifies the resource or what it is part of.
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

/** Does the wildcard match only actions that list what exists? AWS's own IAM.21 accepts `ec2:Describe*` and similar. */
export const onlyDescribes = (actionPattern: string): boolean => {
  if (!hasWildcard(actionPattern)) return false;
  if (/^[a-z0-9-]+:(describe|list)/i.test(actionPattern)) return true;
  const actions = actionTable().expand(actionPattern);
  return actions.length > 0 && actions.every(isList);
};

const isList = (action: ActionFacts): boolean => action.accessLevels.join() === "List";

/** Does the pattern match all actions of a service, or of several: `s3:*`, `s3:**`, `*`, `*:*`, `?3:*`? */
export const isWholeService = (actionPattern: string): boolean => {
  const [, name = "*"] = actionPattern.split(":");
  return /^\*+$/.test(name);
};
