import { SNS_SUBSCRIPTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const snsSubscriptionHttps = defineResourceControl({
  id: "SNS-003",
  name: "sns-subscription-https",
  title: "SNS delivers to web endpoints over HTTPS only.",
  severity: "medium",
  level: "mandatory",
  why: "Over plain HTTP, anyone on the network path can read and change the messages.",
  remediation: "Set protocol to https and use an https:// endpoint.",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sns"],
  types: SNS_SUBSCRIPTION,
  parameters: noParameters,
  *check({ props }) {
    if (props.string("protocol")?.toLowerCase() !== "http") return;
    yield violation({ key: "Protocol::http", message: "`protocol` must not be http." });
  },
});
