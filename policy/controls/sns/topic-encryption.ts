import { z } from "zod";
import { isAwsManagedKey, remediationKey, setKey } from "../../aws/kms.ts";
import { SNS_TOPIC } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const snsTopicEncryption = defineResourceControl({
  id: "SNS-001",
  name: "sns-topic-encryption",
  title: "SNS topics are encrypted with a customer-managed KMS key.",
  severity: "medium",
  level: "mandatory",
  why: "By default a topic is not encrypted at rest, and CloudWatch alarms can't publish to a topic with the AWS-managed key.",
  remediation: "Set kmsMasterKeyId to a customer-managed key.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-1",
  mappings: { fsbp: [], cis: [], nist: ["CA-9", "CM-3", "SC-7", "SC-13", "SC-28", "SI-7"] },
  services: ["sns", "kms"],
  types: SNS_TOPIC,
  parameters: z.strictObject({
    customerManagedKey: z
      .boolean()
      .default(true)
      .describe("Require a customer-managed key; when false, the AWS-managed key is accepted."),
    remediationKey,
  }),
  *check({ props }, { parameters }) {
    const key = props.string("kmsMasterKeyId");
    if (key === undefined) {
      yield violation({ key: "Encryption::disabled", message: "The topic must be encrypted at rest." });
    } else if (parameters.customerManagedKey && isAwsManagedKey(key, "sns")) {
      yield violation({
        key: "Encryption::aws-managed-key",
        message: "`kmsMasterKeyId` must name a customer-managed key, not the AWS-managed key.",
      });
    }
  },
  remediate: ({ props }, { parameters }) =>
    isCustomerManaged(props.string("kmsMasterKeyId"))
      ? {}
      : setKey("kmsMasterKeyId", parameters.remediationKey),
});

const isCustomerManaged = (key: string | undefined): boolean =>
  key !== undefined && !isAwsManagedKey(key, "sns");
