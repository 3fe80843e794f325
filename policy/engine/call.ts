import { AsyncLocalStorage } from "node:async_hooks";
import type { ResourceView } from "./resource.ts";
import type { StackView } from "./stack.ts";

/**
 * One call of the engine: a resource or a stack to be judged by every policy. The SDK hands each policy a copy of the
 * properties that it unpacks anew; what is kept here is unpacked once, so that what is learnt from it is kept as well.
 */
export type Call =
  | { readonly kind: "resource"; readonly resource: ResourceView }
  | { readonly kind: "stack"; readonly stack: StackView };

const calls = new AsyncLocalStorage<Call>();

/** To be called by the policy that the SDK runs first. The call lasts as long as the SDK's answer to the engine. */
export const beginCall = (call: Call): void => {
  calls.enterWith(call);
};

/** The call under way; `undefined` when the policy that begins it is disabled. */
export const currentCall = (): Call | undefined => calls.getStore();

type Marked = {
  readonly __pulumiType: string | undefined;
};

/**
 * Marks a validation function with the type that it is for: the SDK passes over it for other types before it unpacks
 * any properties, which is most of what a policy costs. The SDK compares one type only, so a function for many types
 * answers with the one that the call is about, if it is among them.
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
