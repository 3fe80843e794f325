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

describe("APIGATEWAY-001 apigateway-authorization, of HTTP and WebSocket APIs", () => {
  it.each(["AWS_IAM", "JWT", "CUSTOM"])("accepts a route of the type %s", (authorizationType) => {
    const verdict = judge(apigatewayAuthorization, [route({ routeKey: "GET /images", authorizationType })]);
    expect(verdict.outcome).toBe("compliant");
  });

  it.each(["GET /images", "$default", "ANY /{proxy+}"])("refuses the route %s without one", (routeKey) => {
    for (const authorizationType of ["NONE", undefined]) {
      const verdict = judge(apigatewayAuthorization, [api({}), route({ routeKey, authorizationType })]);
      expect(findingsOf(verdict)).toEqual(NONE);
    }
  });

  it("refuses $connect of a WebSocket API without one", () => {
    const stack = [api({ protocolType: "WEBSOCKET" }), route({ routeKey: "$connect" })];
    expect(findingsOf(judge(apigatewayAuthorization, stack))).toEqual(NONE);
  });

  it.each(["$disconnect", "$default", "sendMessage"])(
    "asks once: not again at %s of a WebSocket API",
    (routeKey) => {
      const stack = [api({ protocolType: "WEBSOCKET" }), route({ routeKey })];
      expect(judge(apigatewayAuthorization, stack).outcome).toBe("compliant");
    },
  );

  it("tells $default of a WebSocket API from that of an HTTP API beside it", () => {
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

  it("lets browsers ask whether they may call", () => {
    expect(judge(apigatewayAuthorization, [route({ routeKey: "OPTIONS /images" })]).outcome).toBe(
      "compliant",
    );
  });

  it("refuses the hidden route of an API with a target", () => {
    const target = "arn:aws:lambda:eu-west-1:111122223333:function:resize";
    expect(findingsOf(judge(apigatewayAuthorization, [api({ target })]))).toEqual([
      "api Authorization::none",
    ]);
    expect(judge(apigatewayAuthorization, [api({ target: UNKNOWN })]).outcome).toBe("compliant");
  });

  it("does not judge an unknown type", () => {
    const verdict = judge(apigatewayAuthorization, [
      route({ routeKey: "GET /", authorizationType: UNKNOWN }),
    ]);
    expect(verdict.outcome).toBe("not judged");
  });

  it("does not apply to other stacks", () => {
    expect(judge(apigatewayAuthorization, [restApi()]).outcome).toBe("not applicable");
  });
});

describe("APIGATEWAY-001 apigateway-authorization, of REST APIs", () => {
  it.each(["AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"])("accepts a method of the type %s", (authorization) => {
    expect(judge(apigatewayAuthorization, [restApi(), method({ authorization })]).outcome).toBe("compliant");
  });

  it("refuses a method without one, be there an API key", () => {
    for (const authorization of ["NONE", undefined]) {
      const stack = [restApi(), method({ authorization, apiKeyRequired: true })];
      expect(findingsOf(judge(apigatewayAuthorization, stack))).toEqual(["method Authorization::none"]);
    }
  });

  it("lets browsers ask whether they may call", () => {
    const preflight = method({ authorization: "NONE", httpMethod: "OPTIONS" });
    expect(judge(apigatewayAuthorization, [restApi(), preflight]).outcome).toBe("compliant");
  });

  it("leaves an API with a policy of its own to the controls over documents", () => {
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
