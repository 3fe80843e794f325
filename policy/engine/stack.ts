import { type Judgement, judgePart } from "./judgement.ts";
import { UnknownProperty } from "./properties.ts";
import type { StackResource } from "./resource.ts";
import { isUnknown } from "./unknown.ts";

// The properties that identify a resource when others refer to it, in the AWS provider.
const IDENTIFIERS = ["id", "arn", "name", "bucket", "url", "keyId", "functionName"] as const;

/**
 * Did the program set the property? A stack check can also see a property that the program left out, because AWS has
 * filled it in or will. At preview such a property is unknown, but its value came from no other resource.
 */
export const isSet = (resource: StackResource, property: string): boolean => {
  if (!resource.props.has(property)) return false;
  return !resource.props.isUnknown(property) || originsOf(resource, property).length > 0;
};

/** Is the identifier known, and one of the values? */
const isOneOf = (identifier: unknown, values: readonly unknown[]): boolean =>
  typeof identifier === "string" &&
  identifier !== "" &&
  !isUnknown(identifier) &&
  values.includes(identifier);

const originsOf = (resource: StackResource, property: string): readonly string[] =>
  resource.propertyDependencies[property] ?? [];

/** All resources of a stack, and how they refer to each other. */
export class StackView {
  readonly resources: readonly StackResource[];
  readonly #byType = new Map<string, StackResource[]>();
  readonly #byUrn = new Map<string, StackResource>();
  #byIdentifier: Map<unknown, StackResource[]> | undefined;

  constructor(resources: readonly StackResource[]) {
    this.resources = resources;
    for (const resource of resources) {
      this.#byUrn.set(resource.urn, resource);
      const sameType = this.#byType.get(resource.type);
      if (sameType === undefined) this.#byType.set(resource.type, [resource]);
      else sameType.push(resource);
    }
  }

  /** The resources of these type tokens, in the stack's order for each type. */
  ofType(types: readonly string[]): readonly StackResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** Is there a resource of this type token? */
  has(type: string): boolean {
    return this.#byType.has(type);
  }

  byUrn(urn: string): StackResource | undefined {
    return this.#byUrn.get(urn);
  }

  /**
   * Does a property of `from` name `target`? Compares a known value with the target's identifiers. For an unknown value
   * it checks which resource the value came from; the engine knows that even at preview.
   *
   * @param property a top-level name, such as `bucket`, that holds one reference or a list of them.
   * @returns `undefined` when the value is unknown and came from no resource of this stack.
   */
  refers(from: StackResource, property: string, target: StackResource): boolean | undefined {
    if (!from.props.has(property)) return false;
    const value = from.props.value(property);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (IDENTIFIERS.some((identifier) => isOneOf(target.props.value(identifier), values))) return true;
    if (!values.some(isUnknown)) return false;
    const sources = originsOf(from, property);
    return sources.length === 0 ? undefined : sources.includes(target.urn);
  }

  /**
   * The resources of these types that a property names: by its value, or by the origin of an unknown value. Same result
   * as calling {@link refers} for each resource, but with an index.
   */
  namedBy(from: StackResource, property: string, types: readonly string[]): readonly StackResource[] {
    if (!from.props.has(property)) return [];
    const value = from.props.value(property);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const byOrigin = values.some(isUnknown)
      ? originsOf(from, property).flatMap((urn) => this.byUrn(urn) ?? [])
      : [];
    const byValue = values.flatMap((each) => this.#identifiedBy(each));
    return [...new Set([...byValue, ...byOrigin])].filter(({ type }) => types.includes(type));
  }

  #identifiedBy(value: unknown): readonly StackResource[] {
    if (this.#byIdentifier === undefined) {
      this.#byIdentifier = new Map();
      for (const resource of this.resources) {
        for (const identifier of IDENTIFIERS) {
          const known = resource.props.value(identifier);
          if (typeof known !== "string" || known === "" || isUnknown(known)) continue;
          const same = this.#byIdentifier.get(known);
          if (same === undefined) this.#byIdentifier.set(known, [resource]);
          else if (!same.includes(resource)) same.push(resource);
        }
      }
    }
    return this.#byIdentifier.get(value) ?? [];
  }

  /**
   * The resources of these types whose `property` names `target`: the public access blocks of a bucket.
   *
   * @throws UnknownProperty when none is found, but one might exist: its property is unknown and of unknown origin.
   */
  attachedTo(target: StackResource, types: readonly string[], property: string): readonly StackResource[] {
    const candidates = this.ofType(types);
    const attached = candidates.filter((candidate) => this.refers(candidate, property, target) === true);
    const uncertain = candidates.find((candidate) => this.refers(candidate, property, target) === undefined);
    if (attached.length === 0 && uncertain !== undefined) {
      throw new UnknownProperty(`${uncertain.name}.${property}`);
    }
    return attached;
  }
}

/** Judges each resource separately: an unknown value of one resource does not stop the others. */
export function* judgeEach(
  resources: readonly StackResource[],
  judge: (resource: StackResource) => Iterable<Judgement>,
): Generator<Judgement> {
  for (const resource of resources) yield* judgePart(resource, () => judge(resource));
}
