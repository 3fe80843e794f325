import { actionTable } from "../aws/action-table.ts";
import { type Finding, violation } from "../engine/judgement.ts";
import { type FoundStatement, nameOf } from "./documents.ts";
import { isAdministrator, limitsResources, namesAction, patternFor, reachOf } from "./grant.ts";

/**
 * A finding for each action pattern of an Allow statement that grants some of these actions on everything, or on all
 * resources of their type.
 *
 * @param access what the actions give access to, for the message: "credentials".
 */
export function* broadGrants(
  statement: FoundStatement,
  sensitive: readonly string[],
  access: string,
): Generator<Finding> {
  if (statement.effect === "Deny" || isAdministrator(statement) || limitsResources(statement)) return;
  const byPattern = new Map<string, string[]>();
  for (const action of sensitive) {
    if (!namesAction(statement, action)) continue;
    if (reachOf(statement, actionTable().find(action)) === "named resources") continue;
    const pattern = patternFor(statement, action) ?? action;
    byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), action]);
  }
  for (const [pattern, [first = "", ...others]] of byPattern) {
    const more = others.length === 0 ? "" : ` and ${others.length} similar actions`;
    yield violation({
      key: `Action::${pattern}`,
      message: `${nameOf(statement)} must name the resources of \`${first}\`${more}, to limit access to ${access}.`,
    });
  }
}
