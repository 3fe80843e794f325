import { z } from "zod";
import { MalformedProperty, UnknownProperty } from "../engine/properties.ts";
import type { StackResource } from "../engine/resource.ts";
import { isSet, type StackView } from "../engine/stack.ts";
import {
  EVENTBRIDGE_PIPE,
  LAMBDA_EVENT_SOURCE_MAPPING,
  SQS_QUEUE,
  SQS_REDRIVE_POLICY,
} from "./resource-types.ts";

/** The consumers of the queue: event source mappings of functions, and pipes. */
export const consumersOf = (stack: StackView, queue: StackResource): readonly StackResource[] => [
  ...stack.attachedTo(queue, LAMBDA_EVENT_SOURCE_MAPPING, "eventSourceArn"),
  ...stack.attachedTo(queue, EVENTBRIDGE_PIPE, "source"),
];

/** The resource with the queue's `redrivePolicy`: a separate redrive policy, or the queue itself. */
export const redriveOf = (stack: StackView, queue: StackResource): StackResource | undefined => {
  const [attached] = stack.attachedTo(queue, SQS_REDRIVE_POLICY, "queueUrl");
  return attached ?? (isSet(queue, "redrivePolicy") ? queue : undefined);
};

/** The queues of this stack that use this one as their dead-letter queue. */
export const sourcesOf = (stack: StackView, queue: StackResource): readonly StackResource[] =>
  stack.ofType(SQS_QUEUE).filter((source) => {
    const redrive = source === queue ? undefined : redriveOf(stack, source);
    return redrive !== undefined && redrivesTo(redrive, queue);
  });

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

const redrivesTo = (redrive: StackResource, queue: StackResource): boolean => {
  if (redrive.props.isUnknown("redrivePolicy")) {
    return (redrive.propertyDependencies["redrivePolicy"] ?? []).includes(queue.urn);
  }
  const policy = redriveSchema.safeParse(jsonProperty(redrive, "redrivePolicy"));
  return policy.success && namesQueue(policy.data.deadLetterTargetArn, queue);
};

/** Compares ARNs, or names while AWS has not assigned the ARN yet. */
const namesQueue = (arn: string, { props }: StackResource): boolean => {
  if (props.has("arn") && !props.isUnknown("arn")) return props.value("arn") === arn;
  return props.has("name") && arn.split(":").at(-1) === props.value("name");
};

/**
 * A property that holds JSON, parsed.
 *
 * @throws UnknownProperty when its value is unknown.
 * @throws MalformedProperty when it is not JSON.
 */
export const jsonProperty = ({ name, props }: StackResource, property: string): unknown => {
  if (props.isUnknown(property)) throw new UnknownProperty(`${name}.${property}`);
  const value = props.value(property);
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    // The JSON parser's own message quotes the text.
    throw new MalformedProperty(`${name}.${property}`, "valid JSON");
  }
};
