import { z } from "zod";
import { functionOf } from "../../aws/lambda.ts";
import { LAMBDA_EVENT_SOURCE_MAPPING, SQS_QUEUE } from "../../aws/resource-types.ts";
import { defineStackControl } from "../../engine/control.ts";
import { type Judgement, judgeApart, violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";

/** Seconds; what AWS takes where the program sets nothing. */
const DEFAULTS = { visibilityTimeout: 30, functionTimeout: 3, batchWindow: 0 } as const;

export const sqsVisibilityTimeout = defineStackControl({
  id: "SQS-004",
  name: "sqs-visibility-timeout",
  title: "SQS queues hide a message for longer than the consuming function's tries take.",
  severity: "medium",
  level: "mandatory",
  why: "A message that becomes visible while it is still being processed, or while a throttled batch waits to be retried, is processed twice and ends in the dead-letter queue for no fault of its own.",
  remediation:
    "Set visibilityTimeoutSeconds to six times the function's timeout plus the mapping's maximumBatchingWindowInSeconds.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sqs", "lambda"],
  types: SQS_QUEUE,
  parameters: z.strictObject({
    timeouts: z
      .number()
      .min(1)
      .default(6)
      .describe("How many of the function's timeouts the visibility timeout must last; AWS recommends 6."),
  }),
  check: (stack, { parameters }) =>
    judgeEach(stack.ofType(SQS_QUEUE), function* (queue) {
      for (const mapping of stack.attachedTo(queue, LAMBDA_EVENT_SOURCE_MAPPING, "eventSourceArn")) {
        yield* judgeApart(queue, () => judgeMapping(stack, queue, mapping, parameters.timeouts));
      }
    }),
});

function* judgeMapping(
  stack: StackView,
  queue: StackResource,
  mapping: StackResource,
  timeouts: number,
): Generator<Judgement> {
  const consumer = functionOf(stack, mapping, "functionName");
  if (consumer === undefined) return;
  const visible = queue.props.number("visibilityTimeoutSeconds") ?? DEFAULTS.visibilityTimeout;
  const timeout = consumer.props.number("timeout") ?? DEFAULTS.functionTimeout;
  const window = mapping.props.number("maximumBatchingWindowInSeconds") ?? DEFAULTS.batchWindow;
  if (visible >= timeouts * timeout + window) return;
  yield violation({
    key: `VisibilityTimeout::${consumer.name}`,
    message: `\`visibilityTimeoutSeconds\` must be at least ${timeouts} times the timeout of ${consumer.name}${
      window > 0 ? `, plus the batching window of ${mapping.name}` : ""
    }.`,
  });
}
