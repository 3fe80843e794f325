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
  why: "The policy of a customer-managed key can limit who reads the messages, and its audit trail shows who did. S3, SNS and CloudWatch can't send to a queue with the AWS-managed key.",
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
        "Require a customer-managed key; when false, SQS's own keys and the AWS-managed key are accepted.",
      ),
    remediationKey,
  }),
  *check({ props }, { parameters }) {
    const key = props.string("kmsMasterKeyId");
    if (key === undefined && props.boolean("sqsManagedSseEnabled") === false) {
      yield violation({ key: "Encryption::disabled", message: "The queue must be encrypted at rest." });
    } else if (key === undefined && parameters.customerManagedKey) {
      // SQS encrypts new queues with its own keys (SSE-SQS) since October 2022.
      yield violation({
        key: "Encryption::sqs-managed-key",
        message: "`kmsMasterKeyId` must be set: without it, the queue is encrypted with SQS's own keys.",
      });
    } else if (key !== undefined && parameters.customerManagedKey && isAwsManagedKey(key, "sqs")) {
      yield violation({
        key: "Encryption::aws-managed-key",
        message: "`kmsMasterKeyId` must name a customer-managed key, not the AWS-managed key.",
      });
    }
  },
  remediate({ props }, { parameters }) {
    const key = props.string("kmsMasterKeyId");
    if (key !== undefined && !isAwsManagedKey(key, "sqs")) return {};
    // The provider rejects a key together with any value of sqsManagedSseEnabled.
    if (!props.has("sqsManagedSseEnabled")) return setKey("kmsMasterKeyId", parameters.remediationKey);
    return parameters.customerManagedKey ? {} : { sqsManagedSseEnabled: true };
  },
});
