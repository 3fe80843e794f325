import { describe, expect, it } from "vitest";
import { apigatewayAccessLogs } from "../../../../policy/controls/apigateway/access-logs.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const STAGES = ["aws:apigatewayv2/stage:Stage", "aws:apigateway/stage:Stage"];
const judgeStage = (accessLogSettings: unknown, type = "aws:apigatewayv2/stage:Stage") =>
  judge(apigatewayAccessLogs, resource({ type, props: { accessLogSettings } }));

describe("APIGATEWAY-002 apigateway-access-logs", () => {
  it.each(STAGES)("accepts a %s with a log destination, known or unknown", (type) => {
    const format = "$context.requestId";
    expect(judgeStage({ destinationArn: "arn:aws:logs:::log-group:api", format }, type).outcome).toBe(
      "compliant",
    );
    expect(judgeStage({ destinationArn: UNKNOWN, format }, type).outcome).toBe("compliant");
  });

  it.each(STAGES)("reports a %s without a log destination", (type) => {
    for (const settings of [undefined, {}]) {
      expect(findingsOf(judgeStage(settings, type))).toEqual(["subject Logging::missing"]);
    }
  });

  it("does not judge unknown log settings", () => {
    expect(judgeStage(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to APIs", () => {
    expect(judgeStage(undefined, "aws:apigatewayv2/api:Api").outcome).toBe("not applicable");
  });

  proveControl(apigatewayAccessLogs);
});
