import { actionTable } from "../aws/action-table.ts";
import { arnsOverlap } from "../aws/arn.ts";
import { IAM_POLICY } from "../aws/resource-types.ts";
import { isUnknown } from "../engine/unknown.ts";
import { globMatches, hasWildcard } from "../engine/wildcard.ts";
import { requiredValues } from "./condition.ts";
import { ESCALATION_PATHS, type EscalationPath } from "./escalation-paths.ts";
import { isAdministrator, limitsResources, namesAction, patternFor, reachOf } from "./grant.ts";
import type { HeldStatement, Identity } from "./identities.ts";

/** Ways to escalate that the same action patterns open. */
export type Escalation = {
  /** The action patterns, joined by `+`. */
  readonly by: string;
  /** Each way, as its actions joined by ` + `. */
  readonly paths: readonly string[];
};

/**
 * The ways in which an identity can raise its own privileges. An action counts when it is allowed on all resources of
 * its type. An action limited to named resources does not count, because the pack can't tell whether those resources
 * have more privileges than the identity. An administrator has nothing to gain, so the list is empty.
 */
export const escalationsOf = (identity: Identity): readonly Escalation[] => {
  if (identity.statements.some(isAdministrator)) return [];
  const byPatterns = new Map<string, string[]>();
  for (const path of ESCALATION_PATHS) {
    const patterns = path.actions.map((action) => openingPattern(identity, action, path));
    if (patterns.includes(undefined)) continue;
    const by = [...new Set(patterns)].join("+");
    byPatterns.set(by, [...(byPatterns.get(by) ?? []), path.actions.join(" + ")]);
  }
  return [...byPatterns].map(([by, paths]) => ({ by, paths }));
};

/** The pattern that allows the identity the action in a way that can be misused. */
const openingPattern = (identity: Identity, action: string, path: EscalationPath): string | undefined => {
  const allowing = identity.statements.find(
    (statement) => statement.effect === "Allow" && isOpen(statement, action, path, identity),
  );
  if (allowing === undefined || identity.statements.some((statement) => denies(statement, action)))
    return undefined;
  const pattern = patternFor(allowing, action) ?? action;
  return pattern === "NotAction" || hasWildcard(pattern) ? pattern : action;
};

const isOpen = (
  statement: HeldStatement,
  action: string,
  path: EscalationPath,
  identity: Identity,
): boolean => {
  if (!namesAction(statement, action) || limitsResources(statement)) return false;
  // New privileges stay within the permissions boundary.
  if (requiredValues(statement, "iam:PermissionsBoundary") !== undefined) return false;
  if (path.passedTo !== undefined && action === "iam:PassRole" && !passesTo(statement, path.passedTo))
    return false;
  if (reachOf(statement, actionTable().find(action)) !== "named resources") return true;
  return path.onItself === true && namesItself(statement.resources?.patterns ?? [], identity);
};

const passesTo = (statement: HeldStatement, service: string): boolean => {
  const services = requiredValues(statement, "iam:PassedToService");
  return services === undefined || services.some((pattern) => globMatches(pattern, service));
};

/** Does one of the resource patterns match the identity, or a managed policy attached to it? */
const namesItself = (patterns: readonly string[], { resource, statements }: Identity): boolean => {
  const policies = statements.map(({ holder }) => holder).filter(({ type }) => isManagedPolicy(type));
  return [resource, ...policies].some(({ props }) => {
    const name = props.value("name");
    if (typeof name !== "string" || name === "" || isUnknown(name)) return false;
    return patterns.some((arn) => arnsOverlap(arn, `arn:*:iam::*:*/${name}`));
  });
};

const isManagedPolicy = (type: string): boolean => IAM_POLICY.some((policy) => policy === type);

const denies = (statement: HeldStatement, action: string): boolean =>
  statement.effect === "Deny" &&
  statement.conditions.length === 0 &&
  namesAction(statement, action) &&
  reachOf(statement, actionTable().find(action)) !== "named resources";
