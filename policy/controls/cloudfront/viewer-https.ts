import { behaviorsOf } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";

export const cloudfrontViewerHttps = defineResourceControl({
  id: "CLOUDFRONT-001",
  name: "cloudfront-viewer-https",
  title: "CloudFront serves viewers over HTTPS only.",
  severity: "medium",
  level: "mandatory",
  why: "Over plain HTTP, anyone on the network path can read and change the traffic.",
  remediation: "Set viewerProtocolPolicy to redirect-to-https or https-only in every cache behavior.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-3",
  mappings: {
    fsbp: ["CloudFront.3"],
    cis: [],
    nist: ["AC-4", "AC-17", "IA-5", "SC-7", "SC-8", "SC-12", "SC-13", "SC-23", "SI-7"],
  },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check(resource) {
    for (const behavior of behaviorsOf(resource)) {
      yield* judgePart(resource, function* () {
        const path = behavior.path("viewerProtocolPolicy");
        const policy = behavior.string("viewerProtocolPolicy");
        if (policy === "redirect-to-https" || policy === "https-only") return;
        yield violation({ key: `Viewer::${path}`, message: `\`${path}\` must not allow plain HTTP.` });
      });
    }
  },
});
