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
  why: "Logs hold what the data holds. With CloudWatch's own key whoever may read the group can decrypt it; a key of one's own asks for a second permission.",
  remediation:
    "Set kmsKeyId to the ARN of a key whose policy admits the service `logs.<region>.amazonaws.com`.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["logs", "kms"],
  types: CLOUDWATCH_LOG_GROUP,
  parameters: z.strictObject({ remediationKey }),
  *check({ props }) {
    // CloudWatch Logs knows no AWS-managed key: any key is the customer's.
    if (props.has("kmsKeyId")) return;
    yield violation({ key: "Encryption::logs-managed-key", message: "`kmsKeyId` must be set." });
  },
  remediate: ({ props }, { parameters }) =>
    props.has("kmsKeyId") ? {} : setKey("kmsKeyId", parameters.remediationKey),
});
