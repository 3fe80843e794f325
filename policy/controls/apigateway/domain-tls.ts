import { API_V2_DOMAIN, REST_API_DOMAIN } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const apigatewayDomainTls = defineResourceControl({
  id: "APIGATEWAY-003",
  name: "apigateway-domain-tls",
  title: "API Gateway domains accept TLS 1.2 or later.",
  severity: "medium",
  level: "mandatory",
  why: "TLS 1.0 and 1.1 have known weaknesses.",
  remediation: "Set securityPolicy to TLS_1_2 or a later policy.",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["apigateway"],
  types: [...API_V2_DOMAIN, ...REST_API_DOMAIN],
  parameters: noParameters,
  *check({ props }) {
    const configuration = props.child("domainNameConfiguration") ?? props;
    if (configuration.string("securityPolicy") !== "TLS_1_0") return;
    yield violation({ key: "Tls::old", message: "`securityPolicy` must not be TLS_1_0." });
  },
});
