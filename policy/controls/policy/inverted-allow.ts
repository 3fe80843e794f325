import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";

const KINDS = ["identity", "resource", "key", "trust"] as const;

export const policyInvertedAllow = defineResourceControl({
  id: "POL-001",
  name: "policy-inverted-allow",
  title: "Allow statements name what they allow, without NotAction, NotResource or NotPrincipal.",
  severity: "high",
  level: "mandatory",
  why: "Everything that is not excluded is allowed: all other actions, resources or callers, including future ones.",
  remediation:
    "Use Action, Resource and Principal to list what is allowed. Use the Not… elements only with Deny.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam"],
  types: documentTypes(...KINDS),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, KINDS, function* (statement) {
      const { effect, actions, resources, principals, label } = statement;
      if (effect === "Deny") return;
      const inverted = [
        ["NotAction", actions.negated],
        ["NotResource", resources?.negated],
        ["NotPrincipal", principals?.negated],
      ] as const;
      for (const [element, used] of inverted) {
        if (used !== true) continue;
        yield violation({
          key: `${element}::${label}`,
          message: `${nameOf(statement)} must not use ${element} with Allow.`,
        });
      }
    }),
});
