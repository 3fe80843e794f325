import { EVENTBRIDGE_PERMISSION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const eventbridgePermissionScope = defineResourceControl({
  id: "EVENTBRIDGE-001",
  name: "eventbridge-permission-scope",
  title: "EventBridge buses accept events only from known accounts.",
  severity: "high",
  level: "mandatory",
  why: "Anyone who can put events on the bus can trigger its rules.",
  remediation: "Name an account as the principal, or add a condition on aws:PrincipalOrgID.",
  url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["events"],
  types: EVENTBRIDGE_PERMISSION,
  parameters: noParameters,
  *check({ props }) {
    if (props.string("principal") !== "*") return;
    const condition = props.child("condition");
    if (condition?.string("key") === "aws:PrincipalOrgID" && condition.string("type") === "StringEquals")
      return;
    yield violation({
      key: "Principal::any",
      message: "`principal` must not be everyone, unless a condition limits it to an organization.",
    });
  },
});
