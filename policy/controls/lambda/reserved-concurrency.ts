import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const lambdaReservedConcurrency = defineResourceControl({
  id: "LAMBDA-010",
  name: "lambda-reserved-concurrency",
  title: "Lambda functions reserve their share of the account's concurrency.",
  severity: "low",
  level: "disabled",
  why: "Without a share of its own a function can use up the account's concurrency, or find it used up by another.",
  remediation: "Set reservedConcurrentExecutions to the most runs that should be under way at once.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_FUNCTION,
  parameters: noParameters,
  *check({ props }) {
    // The provider says -1 for none reserved.
    if ((props.number("reservedConcurrentExecutions") ?? -1) >= 0) return;
    yield violation({
      key: "Concurrency::unreserved",
      message: "`reservedConcurrentExecutions` must be set.",
    });
  },
});
