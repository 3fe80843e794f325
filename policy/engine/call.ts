import { AsyncLocalStorage } from "node:async_hooks";
import type { ResourceView } from "./resource.ts";
import type { StackView } from "./stack.ts";

/**
 * One call of the engine: a resource or a stack for every policy to judge. The SDK gives each policy its own freshly
 * unpacked copy of the properties. This copy is unpacked once and shared, so caches keyed by it work across policies.
 */
export type Call =
  | { readonly kind: "resource"; readonly resource: ResourceView }
  | { readonly kind: "stack"; readonly stack: StackView };

const calls = new AsyncLocalStorage<Call>();

/** Only the policy that the SDK runs first calls this. The call lasts until the SDK answers the engine. */
export const beginCall = (call: Call): void => {
  calls.enterWith(call);
};

/** The current call; `undefined` when the policy that begins it is disabled. */
export const currentCall = (): Call | undefined => calls.getStore();

type Marked = {
  readonly __pulumiType: string | undefined;
};

/**
 * Marks a validation function with the type it applies to. For other types the SDK skips it before unpacking any
 * properties, and unpacking is most of a policy's cost. The SDK compares a single type, so a function for many types
 * returns the type in the current call if it is one of them.
 */
export const markTypes = <Validation extends object>(
  validation: Validation,
  types: readonly string[],
): Validation & Marked => {
  const [first] = types;
  const markOf = types.length === 1 ? () => first : () => typeInCall(types);
  return Object.defineProperty<Validation & Marked>(
    Object.assign(validation, { __pulumiType: first }),
    "__pulumiType",
    { get: markOf },
  );
};

const typeInCall = (types: readonly string[]): string | undefined => {
  const call = currentCall();
  if (call === undefined) return undefined;
  const present =
    call.kind === "resource"
      ? types.includes(call.resource.type) && call.resource.type
      : types.find((type) => call.stack.has(type));
  return present || types[0];
};
