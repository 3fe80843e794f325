import { API_V2_STAGE, REST_API_METHOD_SETTINGS, REST_API_STAGE } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";
import { judgeEach } from "../../engine/stack.ts";

export const apigatewayThrottling = defineStackControl({
  id: "APIGATEWAY-004",
  name: "apigateway-throttling",
  title: "API Gateway stages limit their request rate.",
  severity: "low",
  level: "advisory",
  why: "Without its own limit, one stage can use up the account's rate for all APIs in the region and run up the cost of its backend.",
  remediation:
    "Set throttlingRateLimit and throttlingBurstLimit in defaultRouteSettings or, for a REST API, in an aws.apigateway.MethodSettings with the path `*/*`.",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["apigateway"],
  types: [...API_V2_STAGE, ...REST_API_STAGE],
  parameters: noParameters,
  *check(stack) {
    yield* judgeEach(stack.ofType(API_V2_STAGE), function* ({ props }) {
      if (!isLimited(props.child("defaultRouteSettings"))) yield unlimited;
    });
    yield* judgeEach(stack.ofType(REST_API_STAGE), function* (stage) {
      const settings = stack
        .ofType(REST_API_METHOD_SETTINGS)
        .filter(({ props }) => props.string("methodPath") === "*/*")
        .filter((candidate) => areSettingsOf(candidate.props, stage.props));
      if (!settings.some(({ props }) => isLimited(props.child("settings")))) yield unlimited;
    });
  },
});

const unlimited = violation({ key: "Throttling::missing", message: "The stage must have a rate limit." });

/** Without a limit, the provider returns -1 for a REST API and 0 for an HTTP API. */
const isLimited = (settings: Properties | undefined): boolean =>
  settings !== undefined && (settings.number("throttlingRateLimit") ?? 0) > 0;

/** Compares the stage's name and its API; only the name while the API is unknown. */
const areSettingsOf = (settings: Properties, stage: Properties): boolean => {
  if (settings.string("stageName") !== stage.string("stageName")) return false;
  if (settings.isUnknown("restApi") || stage.isUnknown("restApi")) return true;
  return settings.value("restApi") === stage.value("restApi");
};
