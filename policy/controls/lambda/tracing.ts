import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const lambdaTracing = defineResourceControl({
  id: "LAMBDA-008",
  name: "lambda-tracing",
  title: "Lambda functions record traces.",
  severity: "low",
  level: "advisory",
  why: "A trace shows, across services, where time is spent and which call failed.",
  remediation:
    "Set tracingConfig.mode to Active, and grant the role xray:PutTraceSegments and xray:PutTelemetryRecords.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  mappings: { fsbp: [], cis: [], nist: ["CA-7"] },
  services: ["lambda", "xray"],
  types: LAMBDA_FUNCTION,
  parameters: noParameters,
  *check({ props }) {
    if (props.child("tracingConfig")?.string("mode") === "Active") return;
    yield violation({ key: "Tracing::inactive", message: "`tracingConfig.mode` must be Active." });
  },
});
