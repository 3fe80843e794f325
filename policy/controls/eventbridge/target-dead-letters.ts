import { EVENTBRIDGE_SCHEDULE, EVENTBRIDGE_TARGET } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const eventbridgeTargetDeadLetters = defineResourceControl({
  id: "EVENTBRIDGE-003",
  name: "eventbridge-target-dead-letters",
  title: "EventBridge targets and schedules have a dead-letter queue.",
  severity: "medium",
  level: "advisory",
  why: "EventBridge drops an event that it can't deliver for 24 hours or that the target rejects.",
  remediation: "Set deadLetterConfig to a queue whose policy allows EventBridge to send messages.",
  url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["events", "scheduler"],
  types: [...EVENTBRIDGE_TARGET, ...EVENTBRIDGE_SCHEDULE],
  parameters: noParameters,
  *check({ type, props }) {
    const target = EVENTBRIDGE_SCHEDULE.some((schedule) => schedule === type) ? props.child("target") : props;
    if (target?.child("deadLetterConfig")?.has("arn") === true) return;
    yield violation({
      key: "DeadLetters::missing",
      message: "The target's `deadLetterConfig` must name a dead-letter queue.",
    });
  },
});
