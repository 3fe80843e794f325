import { SNS_SUBSCRIPTION, SNS_TOPIC } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { isSet, judgeEach } from "../../engine/stack.ts";

export const snsSignatureVersion = defineStackControl({
  id: "SNS-004",
  name: "sns-signature-version",
  title: "SNS topics with web endpoints sign their messages with SHA-256.",
  severity: "low",
  level: "advisory",
  why: "Endpoints use the signature to distinguish SNS messages from forged ones. The default, version 1, uses SHA-1.",
  remediation: "Set signatureVersion to 2 once the endpoints can verify it.",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sns"],
  types: SNS_TOPIC,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SNS_TOPIC), function* (topic) {
      const isWeb = stack
        .attachedTo(topic, SNS_SUBSCRIPTION, "topic")
        .some(({ props }) => /^https?$/i.test(props.string("protocol") ?? ""));
      if (!isWeb || (isSet(topic, "signatureVersion") && topic.props.number("signatureVersion") === 2))
        return;
      yield violation({ key: "SignatureVersion::sha-1", message: "`signatureVersion` must be 2." });
    }),
});
