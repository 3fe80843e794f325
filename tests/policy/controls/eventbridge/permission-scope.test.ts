import { describe, expect, it } from "vitest";
import { eventbridgePermissionScope } from "../../../../policy/controls/eventbridge/permission-scope.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ORGANIZATION = { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-a1b2c3d4e5" };
const judgePermission = (props: object, type = "aws:cloudwatch/eventPermission:EventPermission") =>
  judge(eventbridgePermissionScope, resource({ type, props }));

describe("EVENTBRIDGE-001 eventbridge-permission-scope", () => {
  it("accepts an account, and everyone in an organization", () => {
    expect(judgePermission({ principal: "111122223333" }).outcome).toBe("compliant");
    expect(judgePermission({ principal: "*", condition: ORGANIZATION }).outcome).toBe("compliant");
  });

  it.each([
    ["without a condition", undefined],
    ["with a condition on another key", { ...ORGANIZATION, key: "aws:PrincipalTag" }],
    ["with a condition with another operator", { ...ORGANIZATION, type: "StringNotEquals" }],
  ])("reports the principal * %s", (_, condition) => {
    expect(findingsOf(judgePermission({ principal: "*", condition }))).toEqual(["subject Principal::any"]);
  });

  it("does not judge an unknown principal", () => {
    expect(judgePermission({ principal: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to bus policies, which other controls judge", () => {
    const type = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";
    expect(judgePermission({ principal: "*" }, type).outcome).toBe("not applicable");
  });

  proveControl(eventbridgePermissionScope);
});
