import { z } from "zod";
import { remediationKey, setKey } from "../../aws/kms.ts";
import { EVENTBRIDGE_SCHEDULE } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const eventbridgeScheduleEncryption = defineResourceControl({
  id: "EVENTBRIDGE-004",
  name: "eventbridge-schedule-encryption",
  title: "EventBridge schedules encrypt what they hand over with a customer-managed KMS key.",
  severity: "low",
  level: "advisory",
  why: "With AWS's own key whoever may read the schedule reads its input; a key of one's own asks for a second permission, and leaves a trail.",
  remediation: "Set kmsKeyArn to a customer-managed key, and let the schedule's role decrypt with it.",
  url: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["scheduler", "kms"],
  types: EVENTBRIDGE_SCHEDULE,
  parameters: z.strictObject({ remediationKey }),
  *check({ props }) {
    // EventBridge Scheduler knows no AWS-managed key: without one it takes a key that AWS owns.
    if (props.string("kmsKeyArn") !== undefined) return;
    if (props.child("target")?.has("input") !== true) {
      yield notApplicable();
      return;
    }
    yield violation({
      key: "Encryption::missing",
      message: "`kmsKeyArn` must name a customer-managed key: the schedule hands something over.",
    });
  },
  remediate: ({ props }, { parameters }) =>
    props.has("kmsKeyArn") || props.child("target")?.has("input") !== true
      ? {}
      : setKey("kmsKeyArn", parameters.remediationKey),
});
