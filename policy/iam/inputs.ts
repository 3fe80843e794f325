import type { Judgement } from "../engine/judgement.ts";
import type { StackResource } from "../engine/resource.ts";
import { isSet } from "../engine/stack.ts";
import { documentProperties, type FoundStatement, judgeStatements } from "./documents.ts";
import type { DocumentKind } from "./policy-document.ts";

/**
 * Did the program give the property, in a stack check? AWS fills in what was left out, such as the inline policies
 * that a role has got from elsewhere, and a stack check sees what AWS says. The engine tells of every input where it
 * came from, be it from nowhere; where it tells of none, a known value is taken for an input.
 */
export const isInput = (resource: StackResource, property: string): boolean => {
  const inputs = Object.keys(resource.propertyDependencies);
  return inputs.length === 0 ? isSet(resource, property) : inputs.includes(property);
};

/** {@link judgeStatements} of the documents that the program gave. */
export function* judgeGivenStatements(
  resource: StackResource,
  kinds: readonly DocumentKind[],
  judge: (statement: FoundStatement) => Iterable<Judgement>,
): Generator<Judgement> {
  const properties = documentProperties(resource.type, kinds);
  if (properties.some((property) => isInput(resource, property)))
    yield* judgeStatements(resource, kinds, judge);
}
