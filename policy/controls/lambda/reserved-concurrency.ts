import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const lambdaReservedConcurrency = defineResourceControl({
  id: "LAMBDA-010",
  name: "lambda-reserved-concurrency",
  title: "Lambda functions have reserved concurrency.",
  severity: "low",
  level: "disabled",
  why: "Without reserved concurrency, a function can use up the account's concurrency, or find that another has used it up.",
  remediation: "Set reservedConcurrentExecutions to the maximum number of concurrent executions.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_FUNCTION,
  parameters: noParameters,
  *check({ props }) {
    // The provider returns -1 when none is reserved.
    if ((props.number("reservedConcurrentExecutions") ?? -1) >= 0) return;
    yield violation({
      key: "Concurrency::unreserved",
      message: "`reservedConcurrentExecutions` must be set.",
    });
  },
});
