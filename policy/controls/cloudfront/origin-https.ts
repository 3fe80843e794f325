import { customOriginOf } from "../../aws/distributions.ts";
import { CLOUDFRONT_DISTRIBUTION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";

export const cloudfrontOriginHttps = defineResourceControl({
  id: "CLOUDFRONT-005",
  name: "cloudfront-origin-https",
  title: "CloudFront connects to its origins over HTTPS with TLS 1.2.",
  severity: "medium",
  level: "mandatory",
  why: "Otherwise data that viewers send over HTTPS crosses the internet unencrypted between CloudFront and the origin.",
  remediation: "Set originProtocolPolicy to https-only and originSslProtocols to `[TLSv1.2]`.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
  mappings: {
    fsbp: ["CloudFront.9", "CloudFront.10"],
    cis: [],
    nist: ["AC-4", "AC-17", "IA-5", "SC-7", "SC-8", "SC-12", "SC-13", "SC-23", "SI-7"],
  },
  services: ["cloudfront"],
  types: CLOUDFRONT_DISTRIBUTION,
  parameters: noParameters,
  *check(resource) {
    for (const origin of resource.props.children("origins")) {
      const custom = customOriginOf(origin);
      if (custom === undefined) continue;
      yield* judgePart(resource, function* () {
        if (custom.string("originProtocolPolicy") === "https-only") return;
        const path = custom.path("originProtocolPolicy");
        yield violation({ key: `Origin::${path}`, message: `\`${path}\` must be https-only.` });
      });
      yield* judgePart(resource, function* () {
        if (!custom.strings("originSslProtocols").some((version) => OLD_VERSIONS.has(version))) return;
        const path = custom.path("originSslProtocols");
        yield violation({ key: `Origin::${path}`, message: `\`${path}\` must contain only TLSv1.2.` });
      });
    }
  },
});

const OLD_VERSIONS: ReadonlySet<string> = new Set(["SSLv3", "TLSv1", "TLSv1.1"]);
