import { describe, expect, it } from "vitest";
import { apigatewayAuthorization } from "../../../../policy/controls/apigateway/authorization.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const api = (props: object) =>
  resource({
    type: "aws:apigatewayv2/api:Api",
    name: "api",
    props: { id: "a1", protocolType: "HTTP", ...props },
  });
const route = (props: object) =>
  resource({ type: "aws:apigatewayv2/route:Route", name: "route", props: { apiId: "a1", ...props } });
const restApi = (props: object = {}) =>
  resource({ type: "aws:apigateway/restApi:RestApi", name: "rest", props: { id: "r1", ...props } });
const method = (props: object) =>
  resource({
    type: "aws:apigateway/method:Method",
    name: "method",
    props: { restApi: "r1", httpMethod: "GET", ...props },
  });
const NONE = ["route Authorization::none"];

describe("APIGATEWAY-001 apigateway-authorization, for HTTP and WebSocket APIs", () => {
  it.each(["AWS_IAM", "JWT", "CUSTOM"])(
    "accepts a route with the authorization type %s",
    (authorizationType) => {
      const verdict = judge(apigatewayAuthorization, [route({ routeKey: "GET /images", authorizationType })]);
      expect(verdict.outcome).toBe("compliant");
    },
  );

  it.each(["GET /images", "$default", "ANY /{proxy+}"])(
    "reports the route %s without an authorization type",
    (routeKey) => {
      for (const authorizationType of ["NONE", undefined]) {
        const verdict = judge(apigatewayAuthorization, [api({}), route({ routeKey, authorizationType })]);
        expect(findingsOf(verdict)).toEqual(NONE);
      }
    },
  );

  it("reports the route $connect of a WebSocket API without an authorization type", () => {
    const stack = [api({ protocolType: "WEBSOCKET" }), route({ routeKey: "$connect" })];
    expect(findingsOf(judge(apigatewayAuthorization, stack))).toEqual(NONE);
  });

  it.each(["$disconnect", "$default", "sendMessage"])(
    "does not require authorization for the route %s of a WebSocket API",
    (routeKey) => {
      const stack = [api({ protocolType: "WEBSOCKET" }), route({ routeKey })];
      expect(judge(apigatewayAuthorization, stack).outcome).toBe("compliant");
    },
  );

  it("distinguishes the $default route of a WebSocket API from that of an HTTP API", () => {
    const chat = resource({
      type: "aws:apigatewayv2/api:Api",
      name: "chat",
      props: { id: "w1", protocolType: "WEBSOCKET" },
    });
    const stack = [api({}), chat, route({ routeKey: "$default", apiId: "w1" })];
    expect(judge(apigatewayAuthorization, stack).outcome).toBe("compliant");
    expect(
      findingsOf(judge(apigatewayAuthorization, [api({}), chat, route({ routeKey: "$default" })])),
    ).toEqual(NONE);
  });

  it("accepts preflight requests without authorization", () => {
    expect(judge(apigatewayAuthorization, [route({ routeKey: "OPTIONS /images" })]).outcome).toBe(
      "compliant",
    );
  });

  it("reports the implicit route of an API with a target", () => {
    const target = "arn:aws:lambda:eu-west-1:111122223333:function:resize";
    expect(findingsOf(judge(apigatewayAuthorization, [api({ target })]))).toEqual([
      "api Authorization::none",
    ]);
    expect(judge(apigatewayAuthorization, [api({ target: UNKNOWN })]).outcome).toBe("compliant");
  });

  it("does not judge an unknown authorization type", () => {
    const verdict = judge(apigatewayAuthorization, [
      route({ routeKey: "GET /", authorizationType: UNKNOWN }),
    ]);
    expect(verdict.outcome).toBe("not judged");
  });

  it("does not apply to a stack without APIs", () => {
    expect(judge(apigatewayAuthorization, [restApi()]).outcome).toBe("not applicable");
  });
});

describe("APIGATEWAY-001 apigateway-authorization, for REST APIs", () => {
  it.each(["AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"])(
    "accepts a method with the authorization type %s",
    (authorization) => {
      expect(judge(apigatewayAuthorization, [restApi(), method({ authorization })]).outcome).toBe(
        "compliant",
      );
    },
  );

  it("reports a method without an authorization type, even if it requires an API key", () => {
    for (const authorization of ["NONE", undefined]) {
      const stack = [restApi(), method({ authorization, apiKeyRequired: true })];
      expect(findingsOf(judge(apigatewayAuthorization, stack))).toEqual(["method Authorization::none"]);
    }
  });

  it("accepts preflight requests without authorization", () => {
    const preflight = method({ authorization: "NONE", httpMethod: "OPTIONS" });
    expect(judge(apigatewayAuthorization, [restApi(), preflight]).outcome).toBe("compliant");
  });

  it("accepts methods of an API with a policy, which other controls judge", () => {
    const open = method({ authorization: "NONE" });
    expect(judge(apigatewayAuthorization, [restApi({ policy: "{}" }), open]).outcome).toBe("compliant");
    const policy = resource({
      type: "aws:apigateway/restApiPolicy:RestApiPolicy",
      props: { restApiId: "r1" },
    });
    expect(judge(apigatewayAuthorization, [restApi(), policy, open]).outcome).toBe("compliant");
  });

  proveControl(apigatewayAuthorization);
});
