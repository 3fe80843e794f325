import { SQS_QUEUE, SQS_QUEUE_POLICY } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgeEach } from "../../engine/stack.ts";
import { judgeTransport } from "../../iam/transport.ts";

export const sqsQueueTlsOnly = defineStackControl({
  id: "SQS-002",
  name: "sqs-queue-tls-only",
  title: "SQS queues reject requests over plain HTTP.",
  severity: "medium",
  level: "mandatory",
  why: "SQS also accepts plain HTTP, where anyone on the network path can read the messages. Only the queue's policy can reject it.",
  remediation:
    'Add an aws.sqs.QueuePolicy with a statement that denies `sqs:*` on the queue to everyone when aws:SecureTransport is "false".',
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sqs"],
  types: SQS_QUEUE,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SQS_QUEUE), (queue) =>
      judgeTransport(stack, queue, {
        service: "sqs",
        action: "sqs:*",
        policyTypes: SQS_QUEUE_POLICY,
        policyRefersBy: "queueUrl",
        nameProperty: "name",
        targets: { queue: (name) => name },
      }),
    ),
});
