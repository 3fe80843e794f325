import { z } from "zod";
import { RUNTIME_DEPRECATIONS } from "../../aws/lambda-runtimes.ts";
import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const lambdaRuntime = defineResourceControl({
  id: "LAMBDA-005",
  name: "lambda-runtime",
  title: "Lambda functions use a runtime that AWS supports.",
  severity: "medium",
  level: "mandatory",
  why: "An unsupported runtime gets no security patches, and eventually its functions can no longer be updated.",
  remediation: "Test the function on a runtime with longer support and move to it.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  mappings: { fsbp: ["Lambda.2"], cis: [], nist: ["CA-9", "CM-2", "SI-2"] },
  services: ["lambda"],
  types: LAMBDA_FUNCTION,
  parameters: z.strictObject({
    noticeDays: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe("How many days before the end of support to report the runtime; AWS gives 180 days' notice."),
  }),
  *check({ props }, { parameters, today }) {
    const runtime = props.string("runtime");
    // A container image brings its own runtime.
    if (runtime === undefined) {
      yield notApplicable();
      return;
    }
    const end = Object.hasOwn(RUNTIME_DEPRECATIONS, runtime) ? RUNTIME_DEPRECATIONS[runtime] : undefined;
    if (end === undefined || end > daysAfter(today, parameters.noticeDays)) return;
    yield violation({
      key: "Runtime::deprecated",
      message: `\`runtime\` must be a supported runtime: AWS support for this one ${end > today ? "ends" : "ended"} on ${end}.`,
    });
  },
});

const MILLISECONDS_A_DAY = 86_400_000;

/** ISO dates sort as text. */
const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
