import { UnknownProperty } from "../engine/properties.ts";
import type { StackResource } from "../engine/resource.ts";
import type { StackView } from "../engine/stack.ts";
import { EVENTBRIDGE_SCHEDULE, LAMBDA_FUNCTION } from "./resource-types.ts";

/**
 * The function of this stack that a property names, by name or ARN, with or without a version or an alias.
 *
 * @returns `undefined` when it names a function of another stack.
 * @throws UnknownProperty when its value is unknown and came from no function of this stack.
 */
export const functionOf = (
  stack: StackView,
  from: StackResource,
  property: string,
): StackResource | undefined => {
  const functions = stack.ofType(LAMBDA_FUNCTION);
  const named = functions.find((candidate) => stack.refers(from, property, candidate) === true);
  if (named !== undefined) return named;
  if (from.props.isUnknown(property)) throw new UnknownProperty(`${from.name}.${property}`);
  const reference = from.props.string(property) ?? "";
  return functions.find((candidate) =>
    ["name", "arn"].some((identifier) => isQualified(reference, candidate.props.value(identifier))),
  );
};

/**
 * Does a schedule of the stack call the function? Compares a known ARN, with or without a version or an alias. For an
 * unknown ARN it checks which resource the schedule's target came from.
 */
export const isScheduled = (stack: StackView, called: StackResource): boolean =>
  stack.ofType(EVENTBRIDGE_SCHEDULE).some((schedule) => {
    const target = schedule.props.child("target");
    if (target === undefined) return false;
    if (target.isUnknown("arn"))
      return schedule.propertyDependencies["target"]?.includes(called.urn) === true;
    const [arn, name] = [target.string("arn") ?? "", called.props.value("name")];
    const isNamed = typeof name === "string" && name !== "" && `${arn}:`.includes(`:function:${name}:`);
    return isNamed || (arn !== "" && arn === called.props.value("arn"));
  });

/** Is the reference the name or ARN followed by a version or an alias: `resize:live`? */
const isQualified = (reference: string, identifier: unknown): boolean =>
  typeof identifier === "string" && identifier !== "" && reference.startsWith(`${identifier}:`);
