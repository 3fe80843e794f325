import { z } from "zod";
import { functionOf } from "../../aws/lambda.ts";
import { LAMBDA_EVENT_SOURCE_MAPPING, SQS_QUEUE } from "../../aws/resource-types.ts";
import { defineStackControl } from "../../engine/control.ts";
import { type Judgement, judgePart, violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";

/** AWS's defaults, in seconds. */
const DEFAULTS = { visibilityTimeout: 30, functionTimeout: 3, batchWindow: 0 } as const;

export const sqsVisibilityTimeout = defineStackControl({
  id: "SQS-004",
  name: "sqs-visibility-timeout",
  title: "An SQS queue's visibility timeout covers several tries of the consuming function.",
  severity: "medium",
  level: "mandatory",
  why: "A message that becomes visible while it is still being processed, or while a throttled batch waits for a retry, is processed twice and can end in the dead-letter queue although nothing is wrong with it.",
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
      .describe("Minimum visibility timeout, as a multiple of the function's timeout; AWS recommends 6."),
  }),
  check: (stack, { parameters }) =>
    judgeEach(stack.ofType(SQS_QUEUE), function* (queue) {
      for (const mapping of stack.attachedTo(queue, LAMBDA_EVENT_SOURCE_MAPPING, "eventSourceArn")) {
        yield* judgePart(queue, () => judgeMapping(stack, queue, mapping, parameters.timeouts));
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
