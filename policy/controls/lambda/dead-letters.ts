import { functionOf, isScheduled } from "../../aws/lambda.ts";
import { LAMBDA_FUNCTION, LAMBDA_INVOKE_CONFIG, LAMBDA_PERMISSION } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";

/**
 * Services that invoke a function asynchronously, without waiting for the response.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
const ASYNCHRONOUS_CALLERS: ReadonlySet<string> = new Set([
  "cloudformation",
  "codecommit",
  "codepipeline",
  "config",
  "events",
  "iot",
  "logs",
  "s3",
  "ses",
  "sns",
]);

export const lambdaDeadLetters = defineStackControl({
  id: "LAMBDA-006",
  name: "lambda-dead-letters",
  title: "Lambda functions that are called asynchronously keep failed events.",
  severity: "medium",
  level: "advisory",
  why: "After two retries, Lambda drops the event and notifies nobody.",
  remediation:
    "Set deadLetterConfig, or add an aws.lambda.FunctionEventInvokeConfig with a destination on failure.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_FUNCTION,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(LAMBDA_FUNCTION), function* (called) {
      if (called.props.child("deadLetterConfig")?.has("targetArn") === true) return;
      if (!isCalledAsynchronously(stack, called) || hasFailureDestination(stack, called)) return;
      yield violation({
        key: "DeadLetters::missing",
        message: "The function must have a dead-letter target or a destination on failure.",
      });
    }),
});

/** Schedules call with a role; the other services need a permission. */
const isCalledAsynchronously = (stack: StackView, called: StackResource): boolean =>
  isScheduled(stack, called) ||
  stack.ofType(LAMBDA_PERMISSION).some((permission) => {
    const [service = ""] = permission.props.string("principal")?.split(".") ?? [];
    return ASYNCHRONOUS_CALLERS.has(service) && functionOf(stack, permission, "function") === called;
  });

const hasFailureDestination = (stack: StackView, called: StackResource): boolean =>
  stack
    .ofType(LAMBDA_INVOKE_CONFIG)
    .filter((config) => functionOf(stack, config, "functionName") === called)
    .some(({ props }) => props.child("destinationConfig")?.child("onFailure")?.has("destination") === true);
