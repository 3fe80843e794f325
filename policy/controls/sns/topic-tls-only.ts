import { SNS_TOPIC, SNS_TOPIC_POLICY } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgeEach } from "../../engine/stack.ts";
import { judgeTransport } from "../../iam/transport.ts";

export const snsTopicTlsOnly = defineStackControl({
  id: "SNS-002",
  name: "sns-topic-tls-only",
  title: "SNS topics reject messages published over plain HTTP.",
  severity: "medium",
  level: "mandatory",
  why: "SNS also accepts plain HTTP, where anyone on the network path can read and change the messages. Only the topic's policy can reject it.",
  remediation:
    'Add an aws.sns.TopicPolicy with a statement that denies `sns:Publish` on the topic to everyone when aws:SecureTransport is "false".',
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sns"],
  types: SNS_TOPIC,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SNS_TOPIC), (topic) =>
      judgeTransport(stack, topic, {
        service: "sns",
        action: "sns:Publish",
        policyTypes: SNS_TOPIC_POLICY,
        policyRefersBy: "arn",
        nameProperty: "name",
        targets: { topic: (name) => name },
      }),
    ),
});
