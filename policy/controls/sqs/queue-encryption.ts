import { z } from "zod";
import { isAwsManagedKey, remediationKey, setKey } from "../../aws/kms.ts";
import { SQS_QUEUE } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const sqsQueueEncryption = defineResourceControl({
  id: "SQS-001",
  name: "sqs-queue-encryption",
  title: "SQS queues are encrypted with a customer-managed KMS key.",
  severity: "medium",
  level: "mandatory",
  why: "Only the policy of a key of one's own can limit, and its trail can show, who reads the messages; the AWS-managed key also can't be used by S3, SNS or CloudWatch as senders.",
  remediation: "Set kmsMasterKeyId to a customer-managed key.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html#sqs-1",
  mappings: { fsbp: ["SQS.1"], cis: [], nist: ["CA-9", "CM-3", "SC-7", "SC-13", "SC-28", "SI-7"] },
  services: ["sqs", "kms"],
  types: SQS_QUEUE,
  parameters: z.strictObject({
    customerManagedKey: z
      .boolean()
      .default(true)
      .describe(
        "Require a customer-managed key; when false, SQS's own keys and the AWS-managed key will do.",
      ),
    remediationKey,
  }),
  *check({ props }, { parameters }) {
    const key = props.string("kmsMasterKeyId");
    if (key === undefined && props.boolean("sqsManagedSseEnabled") === false) {
      yield violation({ key: "Encryption::disabled", message: "The queue must be encrypted at rest." });
    } else if (key === undefined && parameters.customerManagedKey) {
      // SQS has encrypted new queues with keys of its own (SSE-SQS) since October 2022.
      yield violation({
        key: "Encryption::sqs-managed-key",
        message: "`kmsMasterKeyId` must be set: without it the queue is encrypted with SQS's own keys.",
      });
    } else if (key !== undefined && parameters.customerManagedKey && isAwsManagedKey(key, "sqs")) {
      yield violation({
        key: "Encryption::aws-managed-key",
        message: "`kmsMasterKeyId` must name a customer-managed key, not the AWS-managed one.",
      });
    }
  },
  remediate({ props }, { parameters }) {
    const key = props.string("kmsMasterKeyId");
    if (key !== undefined && !isAwsManagedKey(key, "sqs")) return {};
    // The provider refuses a key beside sqsManagedSseEnabled, whatever its value.
    if (!props.has("sqsManagedSseEnabled")) return setKey("kmsMasterKeyId", parameters.remediationKey);
    return parameters.customerManagedKey ? {} : { sqsManagedSseEnabled: true };
  },
});
