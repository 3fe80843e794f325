import { API_V2_STAGE, REST_API_STAGE } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const apigatewayAccessLogs = defineResourceControl({
  id: "APIGATEWAY-002",
  name: "apigateway-access-logs",
  title: "API Gateway stages log their requests.",
  severity: "medium",
  level: "advisory",
  why: "Without logs, nobody can find out later who called what and what the response was.",
  remediation: "Set accessLogSettings with a destination and a format.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html#apigateway-9",
  mappings: {
    fsbp: ["APIGateway.9"],
    cis: [],
    nist: ["AC-4", "AU-2", "AU-3", "AU-6", "AU-10", "AU-12", "CA-7", "SC-7", "SI-7"],
  },
  services: ["apigateway", "logs"],
  types: [...API_V2_STAGE, ...REST_API_STAGE],
  parameters: noParameters,
  *check({ props }) {
    if (props.child("accessLogSettings")?.has("destinationArn") === true) return;
    yield violation({ key: "Logging::missing", message: "`accessLogSettings` must have a destination." });
  },
});
