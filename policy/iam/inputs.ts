import type { Judgement } from "../engine/judgement.ts";
import type { StackResource } from "../engine/resource.ts";
import { isSet } from "../engine/stack.ts";
import { documentProperties, type FoundStatement, judgeStatements } from "./documents.ts";
import type { DocumentKind } from "./policy-document.ts";

/**
 * Did the program set the property? A stack check also sees properties that AWS filled in, such as inline policies that
 * a role got elsewhere. The engine lists the origins of every input, even when an input has none. If it lists no inputs
 * at all, a known value counts as an input.
 */
export const isInput = (resource: StackResource, property: string): boolean => {
  const inputs = Object.keys(resource.propertyDependencies);
  return inputs.length === 0 ? isSet(resource, property) : inputs.includes(property);
};

/** {@link judgeStatements} for documents that the program set. */
export function* judgeInputStatements(
  resource: StackResource,
  kinds: readonly DocumentKind[],
  judge: (statement: FoundStatement) => Iterable<Judgement>,
): Generator<Judgement> {
  const properties = documentProperties(resource.type, kinds);
  if (properties.some((property) => isInput(resource, property)))
    yield* judgeStatements(resource, kinds, judge);
}
