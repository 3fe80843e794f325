import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { GUARDED_TYPES, guardedProperties } from "../../iam/guarded-properties.ts";

export const policyIgnoreChanges = defineResourceControl({
  id: "POL-007",
  name: "policy-ignore-changes",
  title: "No resource ignores changes to its policies or its encryption.",
  severity: "medium",
  level: "mandatory",
  why: "The program's values are then never applied, so this pack judges settings that are not in effect.",
  remediation: "Remove the property from the ignoreChanges option.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  mappings: { fsbp: [], cis: [], nist: ["CM-3"] },
  services: ["iam", "kms"],
  types: GUARDED_TYPES,
  parameters: noParameters,
  *check({ type, options }) {
    const ignored = options.ignoreChanges.map(topLevelOf);
    for (const property of guardedProperties(type)) {
      if (!ignored.includes(property) && !ignored.includes("*")) continue;
      yield violation({
        key: `IgnoreChanges::${property}`,
        message: `Changes to \`${property}\` must not be ignored.`,
      });
    }
  },
});

/** The first name of a property path such as `policy`, `rules[0].id` or `["policy"]`. */
const topLevelOf = (path: string): string => /^(?:\["?)?([^."[\]]+)/.exec(path)?.[1] ?? path;
