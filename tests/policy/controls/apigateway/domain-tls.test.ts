import { describe, expect, it } from "vitest";
import { apigatewayDomainTls } from "../../../../policy/controls/apigateway/domain-tls.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const rest = (securityPolicy: unknown) =>
  resource({ type: "aws:apigateway/domainName:DomainName", props: { securityPolicy } });
const v2 = (securityPolicy: unknown) =>
  resource({
    type: "aws:apigatewayv2/domainName:DomainName",
    props: { domainNameConfiguration: { securityPolicy } },
  });

describe("APIGATEWAY-003 apigateway-domain-tls", () => {
  it.each(["TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", undefined])("accepts %s", (policy) => {
    expect(judge(apigatewayDomainTls, rest(policy)).outcome).toBe("compliant");
    expect(judge(apigatewayDomainTls, v2(policy)).outcome).toBe("compliant");
  });

  it("reports TLS 1.0", () => {
    for (const domain of [rest("TLS_1_0"), v2("TLS_1_0")]) {
      expect(findingsOf(judge(apigatewayDomainTls, domain))).toEqual(["subject Tls::old"]);
    }
  });

  it("does not judge an unknown security policy", () => {
    expect(judge(apigatewayDomainTls, v2(UNKNOWN)).outcome).toBe("not judged");
  });

  it("does not apply to APIs", () => {
    const type = "aws:apigateway/restApi:RestApi";
    expect(judge(apigatewayDomainTls, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(apigatewayDomainTls);
});
