import { behaviorsOf } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION, CLOUDWATCH_LOG_DELIVERY_SOURCE } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const cloudfrontAccessLogs = defineStackControl({
  id: "CLOUDFRONT-006",
  name: "cloudfront-access-logs",
  title: "CloudFront distributions log their requests.",
  severity: "medium",
  level: "advisory",
  why: "Without logs, nobody can find out later who requested what.",
  remediation:
    "Set loggingConfig.bucket, or add an aws.cloudwatch.LogDeliverySource for the distribution's ACCESS_LOGS.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html",
  mappings: {
    fsbp: ["CloudFront.5"],
    cis: [],
    nist: [
      "AC-2",
      "AC-4",
      "AC-6",
      "AU-2",
      "AU-3",
      "AU-6",
      "AU-10",
      "AU-12",
      "CA-7",
      "SC-7",
      "SI-3",
      "SI-4",
      "SI-7",
    ],
  },
  services: ["cloudfront", "logs"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(CLOUDFRONT_DISTRIBUTION), function* (distribution) {
      if (distribution.props.child("loggingConfig")?.has("bucket") === true) return;
      if (behaviorsOf(distribution).every((behavior) => behavior.has("realtimeLogConfigArn"))) return;
      if (stack.attachedTo(distribution, CLOUDWATCH_LOG_DELIVERY_SOURCE, "resourceArn").length > 0) return;
      yield violation({ key: "Logging::missing", message: "The distribution's requests must be logged." });
    }),
});
