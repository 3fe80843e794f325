import { z } from "zod";
import { remediationKey, setKey } from "../../aws/kms.ts";
import { EVENTBRIDGE_SCHEDULE } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const eventbridgeScheduleEncryption = defineResourceControl({
  id: "EVENTBRIDGE-004",
  name: "eventbridge-schedule-encryption",
  title: "EventBridge schedules encrypt their input with a customer-managed KMS key.",
  severity: "low",
  level: "advisory",
  why: "With AWS's own key, anyone who may read the schedule can read its input. A customer-managed key requires a second permission and leaves an audit trail.",
  remediation: "Set kmsKeyArn to a customer-managed key, and allow the schedule's role to decrypt with it.",
  url: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["scheduler", "kms"],
  types: EVENTBRIDGE_SCHEDULE,
  parameters: z.strictObject({ remediationKey }),
  *check({ props }) {
    // EventBridge Scheduler has no AWS-managed key: by default it uses a key that AWS owns.
    if (props.string("kmsKeyArn") !== undefined) return;
    if (props.child("target")?.has("input") !== true) {
      yield notApplicable();
      return;
    }
    yield violation({
      key: "Encryption::missing",
      message: "`kmsKeyArn` must name a customer-managed key, because the schedule has an input.",
    });
  },
  remediate: ({ props }, { parameters }) =>
    props.has("kmsKeyArn") || props.child("target")?.has("input") !== true
      ? {}
      : setKey("kmsKeyArn", parameters.remediationKey),
});
