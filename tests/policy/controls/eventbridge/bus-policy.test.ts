import { describe, expect, it } from "vitest";
import { eventbridgeBusPolicy } from "../../../../policy/controls/eventbridge/bus-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const bus = resource({ type: "aws:cloudwatch/eventBus:EventBus", name: "bus", props: { name: "orders" } });
const policy = (type: string, eventBusName: unknown) => resource({ type, props: { eventBusName } });
const POLICY = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";

describe("EVENTBRIDGE-002 eventbridge-bus-policy", () => {
  it("is disabled by default", () => {
    expect(eventbridgeBusPolicy.level).toBe("disabled");
  });

  it.each([POLICY, "aws:cloudwatch/eventPermission:EventPermission"])("accepts a bus with a %s", (type) => {
    expect(judge(eventbridgeBusPolicy, [bus, policy(type, "orders")]).outcome).toBe("compliant");
  });

  it("reports a bus without a policy, even if another bus has one", () => {
    expect(findingsOf(judge(eventbridgeBusPolicy, [bus]))).toEqual(["bus Policy::missing"]);
    expect(findingsOf(judge(eventbridgeBusPolicy, [bus, policy(POLICY, "payments")]))).toEqual([
      "bus Policy::missing",
    ]);
  });

  it("does not judge while a policy's bus is unknown", () => {
    expect(judge(eventbridgeBusPolicy, [bus, policy(POLICY, UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without buses", () => {
    expect(judge(eventbridgeBusPolicy, [policy(POLICY, "default")]).outcome).toBe("not applicable");
  });

  proveControl(eventbridgeBusPolicy);
});
