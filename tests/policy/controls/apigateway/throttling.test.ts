import { describe, expect, it } from "vitest";
import { apigatewayThrottling } from "../../../../policy/controls/apigateway/throttling.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const LIMIT = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };
const v2 = (defaultRouteSettings: unknown) =>
  resource({ type: "aws:apigatewayv2/stage:Stage", name: "stage", props: { defaultRouteSettings } });
const stage = (restApi: unknown = "r1") =>
  resource({ type: "aws:apigateway/stage:Stage", name: "stage", props: { restApi, stageName: "prod" } });
const settings = (props: object) =>
  resource({
    type: "aws:apigateway/methodSettings:MethodSettings",
    name: "settings",
    props: { restApi: "r1", stageName: "prod", methodPath: "*/*", settings: LIMIT, ...props },
  });
const MISSING = ["stage Throttling::missing"];

describe("APIGATEWAY-004 apigateway-throttling", () => {
  it("accepts an HTTP API with a rate limit", () => {
    expect(judge(apigatewayThrottling, [v2(LIMIT)]).outcome).toBe("compliant");
  });

  it.each([[undefined], [{}], [{ throttlingBurstLimit: 100 }], [{ throttlingRateLimit: 0 }]])(
    "reports an HTTP API with %o",
    (routeSettings) => {
      expect(findingsOf(judge(apigatewayThrottling, [v2(routeSettings)]))).toEqual(MISSING);
    },
  );

  it("accepts a REST API with a rate limit for all methods, even while the API's id is unknown", () => {
    expect(judge(apigatewayThrottling, [stage(), settings({})]).outcome).toBe("compliant");
    for (const [ofStage, restApi] of [
      [UNKNOWN, UNKNOWN],
      ["r1", UNKNOWN],
      [UNKNOWN, "r1"],
    ]) {
      expect(judge(apigatewayThrottling, [stage(ofStage), settings({ restApi })]).outcome).toBe("compliant");
    }
  });

  it.each([
    ["for one method only", { methodPath: "images/GET" }],
    ["of another stage", { stageName: "dev" }],
    ["of another API", { restApi: "r2" }],
    ["of -1, which means no limit", { settings: { throttlingRateLimit: -1 } }],
  ])("reports a REST API with a rate limit %s", (_, props) => {
    expect(findingsOf(judge(apigatewayThrottling, [stage(), settings(props)]))).toEqual(MISSING);
  });

  it("does not judge an unknown limit", () => {
    expect(judge(apigatewayThrottling, [v2({ throttlingRateLimit: UNKNOWN })]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without stages", () => {
    expect(judge(apigatewayThrottling, [settings({})]).outcome).toBe("not applicable");
  });

  proveControl(apigatewayThrottling);
});
