import {
  API_V2,
  API_V2_ROUTE,
  REST_API,
  REST_API_METHOD,
  REST_API_POLICY,
} from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { type Judgement, violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { isSet, judgeEach, type StackView } from "../../engine/stack.ts";

export const apigatewayAuthorization = defineStackControl({
  id: "APIGATEWAY-001",
  name: "apigateway-authorization",
  title: "API Gateway routes and methods have an authorization type.",
  severity: "medium",
  level: "mandatory",
  why: "A route or method without authorization answers everyone on the internet. An API key does not prove identity.",
  remediation:
    "Set the authorization type to AWS_IAM, JWT, CUSTOM or COGNITO_USER_POOLS. Exempt what is public on purpose.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html#apigateway-8",
  mappings: { fsbp: ["APIGateway.8"], cis: [], nist: ["AC-3", "CM-2"] },
  services: ["apigateway"],
  types: [...API_V2, ...API_V2_ROUTE, ...REST_API_METHOD],
  parameters: noParameters,
  *check(stack) {
    yield* judgeEach(stack.ofType(API_V2_ROUTE), (route) => judgeRoute(stack, route));
    yield* judgeEach(stack.ofType(API_V2), function* (api) {
      // An API with a `target` has a route for it that appears nowhere else.
      if (isSet(api, "target")) yield unauthorized("The route of the API's `target`");
    });
    yield* judgeEach(stack.ofType(REST_API_METHOD), (method) => judgeMethod(stack, method));
  },
});

function* judgeRoute(stack: StackView, route: StackResource): Generator<Judgement> {
  if ((route.props.string("authorizationType") ?? "NONE") !== "NONE") return;
  const key = route.props.string("routeKey") ?? "";
  // Browsers send preflight requests without credentials.
  if (key.startsWith("OPTIONS ") || isLaterMessage(stack, route, key)) return;
  yield unauthorized("The route");
}

/** A WebSocket API authorizes only at the route $connect. Routes of HTTP APIs look like `GET /path`. */
const isLaterMessage = (stack: StackView, route: StackResource, key: string): boolean => {
  if (key === "$connect" || key.includes(" ")) return false;
  if (key !== "$default") return true;
  return stack
    .ofType(API_V2)
    .some(
      (api) => stack.refers(route, "apiId", api) === true && api.props.string("protocolType") === "WEBSOCKET",
    );
};

function* judgeMethod(stack: StackView, method: StackResource): Generator<Judgement> {
  const { props } = method;
  if ((props.string("authorization") ?? "NONE") !== "NONE" || props.string("httpMethod") === "OPTIONS")
    return;
  const isLimitedByPolicy = stack
    .ofType(REST_API)
    .filter((api) => stack.refers(method, "restApi", api) === true)
    .some((api) => isSet(api, "policy") || stack.attachedTo(api, REST_API_POLICY, "restApiId").length > 0);
  // The controls over policy documents judge the API's own policy.
  if (!isLimitedByPolicy) yield unauthorized("The method");
}

const unauthorized = (subject: string) =>
  violation({ key: "Authorization::none", message: `${subject} must have an authorization type.` });
