import { EVENTBRIDGE_BUS, EVENTBRIDGE_BUS_POLICY, EVENTBRIDGE_PERMISSION } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const eventbridgeBusPolicy = defineStackControl({
  id: "EVENTBRIDGE-002",
  name: "eventbridge-bus-policy",
  title: "Custom EventBridge buses have a policy.",
  severity: "low",
  level: "disabled",
  why: "Without a policy, every principal of the account with events:PutEvents can put events on the bus. A policy can limit this to a few.",
  remediation: "Add an aws.cloudwatch.EventBusPolicy that names who may put events.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/eventbridge-controls.html#eventbridge-3",
  mappings: { fsbp: ["EventBridge.3"], cis: [], nist: ["AC-2", "AC-3", "AC-5", "AC-6"] },
  services: ["events"],
  types: EVENTBRIDGE_BUS,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(EVENTBRIDGE_BUS), function* (bus) {
      const policies = [...EVENTBRIDGE_BUS_POLICY, ...EVENTBRIDGE_PERMISSION];
      if (stack.attachedTo(bus, policies, "eventBusName").length > 0) return;
      yield violation({ key: "Policy::missing", message: "The event bus must have a policy." });
    }),
});
