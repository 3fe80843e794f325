import { z } from "zod";
import { CLOUDWATCH_LOG_GROUP } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";

export const cloudwatchLogGroupRetention = defineResourceControl({
  id: "CLOUDWATCH-002",
  name: "cloudwatch-log-group-retention",
  title: "CloudWatch log groups keep their events for a set time.",
  severity: "medium",
  level: "mandatory",
  why: "By default, logs are kept and paid for forever, including any personal data in them.",
  remediation: "Set retentionInDays.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  mappings: { fsbp: [], cis: [], nist: ["AU-6", "AU-10", "AU-11", "CA-7", "SI-12"] },
  services: ["logs"],
  types: CLOUDWATCH_LOG_GROUP,
  parameters: z.strictObject({
    minimumDays: z
      .number()
      .int()
      .min(1)
      .default(1)
      .describe("Shortest retention in days; AWS Security Hub's CloudWatch.16 requires 365."),
    maximumDays: z
      .number()
      .int()
      .min(1)
      .default(3653)
      .describe("Longest retention in days; CloudWatch's maximum is 3653."),
  }),
  *check({ props }, { parameters }) {
    // Log groups of this class always keep events for two days.
    if (props.string("logGroupClass") === "DELIVERY") {
      yield notApplicable();
      return;
    }
    const days = props.number("retentionInDays") ?? 0;
    if (days === 0) {
      yield violation({ key: "Retention::endless", message: "`retentionInDays` must be set." });
    } else if (days < parameters.minimumDays) {
      yield violation({
        key: "Retention::short",
        message: `\`retentionInDays\` must be at least ${parameters.minimumDays}.`,
      });
    } else if (days > parameters.maximumDays) {
      yield violation({
        key: "Retention::long",
        message: `\`retentionInDays\` must be at most ${parameters.maximumDays}.`,
      });
    }
  },
});
