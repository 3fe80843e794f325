import { IAM_ROLE } from "../../aws/resource-types.ts";
import { hasOtherUse, usesOf } from "../../aws/service-roles.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { notJudged, violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";
import { globMatches } from "../../engine/wildcard.ts";
import { servicesOf } from "../../iam/audience.ts";
import { findDocuments } from "../../iam/documents.ts";

export const iamTrustService = defineStackControl({
  id: "IAM-015",
  name: "iam-trust-service",
  title: "A role trusts the services that use it in the stack and no others.",
  severity: "medium",
  level: "mandatory",
  why: "A missing service fails only when it first runs. An unneeded service is one more way to get the role's permissions.",
  remediation:
    "In the trust policy, name the service of the resource that uses the role. Give each service its own role.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-6"] },
  services: ["iam", "sts"],
  types: IAM_ROLE,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(IAM_ROLE), function* (role) {
      const uses = usesOf(stack, role);
      if (uses.length === 0) return;
      const trusted: string[] = [];
      for (const found of findDocuments(role, ["trust"])) {
        const unread = found.state !== "parsed" || found.document.unknownStatements.length > 0;
        if (unread) {
          yield notJudged(found.path, found.state === "malformed" ? "malformed" : "unknown");
          return;
        }
        trusted.push(...found.statements.filter(({ effect }) => effect === "Allow").flatMap(servicesOf));
      }
      const isFor = (service: string, principal: string) =>
        globMatches(service, principal.replace(/\.cn$/, ""));
      for (const { type, property, services } of uses) {
        if (services.some((service) => trusted.some((principal) => isFor(service, principal)))) continue;
        yield violation({
          key: `Untrusted::${services[0]}`,
          message: `The role must trust ${services[0]}, because it is the \`${property}\` of a ${type.split(":").at(-1)}.`,
        });
      }
      if (hasOtherUse(stack, role)) return;
      for (const principal of trusted) {
        if (uses.some(({ services }) => services.some((service) => isFor(service, principal)))) continue;
        yield violation({
          key: `Trust::${principal}`,
          message: `The role must not trust ${principal}: nothing in the stack uses the role with that service.`,
        });
      }
    }),
});
