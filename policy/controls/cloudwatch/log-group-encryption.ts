import { z } from "zod";
import { remediationKey, setKey } from "../../aws/kms.ts";
import { CLOUDWATCH_LOG_GROUP } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const cloudwatchLogGroupEncryption = defineResourceControl({
  id: "CLOUDWATCH-001",
  name: "cloudwatch-log-group-encryption",
  title: "CloudWatch log groups are encrypted with a customer-managed KMS key.",
  severity: "medium",
  level: "mandatory",
  why: "Logs can contain the data itself. With CloudWatch's own key, anyone who may read the log group can decrypt it. A customer-managed key requires a second permission.",
  remediation:
    "Set kmsKeyId to the ARN of a key whose policy allows the service `logs.<region>.amazonaws.com`.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["logs", "kms"],
  types: CLOUDWATCH_LOG_GROUP,
  parameters: z.strictObject({ remediationKey }),
  *check({ props }) {
    // CloudWatch Logs has no AWS-managed key, so any key is customer-managed.
    if (props.has("kmsKeyId")) return;
    yield violation({
      key: "Encryption::logs-managed-key",
      message: "`kmsKeyId` must name a customer-managed key.",
    });
  },
  remediate: ({ props }, { parameters }) =>
    props.has("kmsKeyId") ? {} : setKey("kmsKeyId", parameters.remediationKey),
});
