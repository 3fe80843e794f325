import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Control } from "./control.ts";
import { beginResource, beginStack, policyOf, stackInCall } from "./crossguard.ts";
import { Journal, type OpenQuestion } from "./journal.ts";
import { configSchemaOf } from "./parameters.ts";
import { packSettingsSchema } from "./settings.ts";

type PackPolicy = ResourceValidationPolicy | StackValidationPolicy;

/**
 * All policies of the pack. The order matters: the SDK runs them as listed, so the settings are read before any
 * control runs, and the three reports come after all controls have run.
 */
export const policiesOf = (controls: readonly Control[], journal = new Journal()): PackPolicy[] => [
  settingsPolicy(journal),
  ...controls.map((control) => policyOf(control, journal)),
  exemptionsPolicy(controls, journal),
  exemptedPolicy(journal),
  notJudgedPolicy(journal),
];

/** Names of the policies that concern the pack itself. */
export const PACK_POLICIES = {
  settings: "pack-settings",
  exemptions: "pack-exemptions",
  exempted: "pack-exempted",
  notJudged: "pack-not-judged",
} as const;

const settingsPolicy = (journal: Journal): ResourceValidationPolicy & StackValidationPolicy => ({
  name: PACK_POLICIES.settings,
  description: "The policy pack's settings are valid.",
  displayName: "Settings shared by all controls",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Correct the `pack-settings` of the policy pack's config.",
  configSchema: configSchemaOf(packSettingsSchema),
  // Both kinds of policy: the settings arrive with the first resource, or with the stack if there are no resources.
  validateResource: (args) => {
    journal.configure(args.getConfig());
    beginResource(args);
  },
  validateStack: (args, report) => {
    journal.configure(args.getConfig());
    beginStack(args);
    for (const problem of journal.problems) report(`${problem} No exemption applies until this is fixed.`);
  },
});

const exemptionsPolicy = (controls: readonly Control[], journal: Journal): StackValidationPolicy => ({
  name: PACK_POLICIES.exemptions,
  description: "Each exemption is current and needed.",
  displayName: "Expired and unneeded exemptions",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Remove or renew the exemption in the policy pack's config.",
  validateStack: (args, report) => {
    for (const problem of journal.exemptionProblems(controls, stackInCall(args))) report(problem);
  },
});

const exemptedPolicy = (journal: Journal): StackValidationPolicy => ({
  name: PACK_POLICIES.exempted,
  description: "These findings are exempted.",
  displayName: "List of exempted findings",
  enforcementLevel: "advisory",
  severity: "low",
  validateStack: (args, report) => {
    const lines = journal.exempted.map(
      ({ control, finding, exemption }) =>
        `- ${finding.resource?.name} [${control.id} ${finding.key}] until ${exemption.expires}: ${exemption.reason}`,
    );
    if (lines.length === 0) args.notApplicable();
    report(lines.join("\n"));
  },
});

const notJudgedPolicy = (journal: Journal): StackValidationPolicy => ({
  name: PACK_POLICIES.notJudged,
  description: "Not everything could be judged.",
  displayName: "List of what was not judged",
  enforcementLevel: "advisory",
  severity: "low",
  validateStack: (args, report) => {
    const questions = journal.openQuestions;
    if (questions.length === 0) args.notApplicable();
    report(CAUSES.flatMap(({ cause, heading }) => section(heading, questions, cause)).join("\n"));
  },
});

const CAUSES = [
  {
    cause: "unknown",
    heading: "Not judged, because the value is not known until the update. `pulumi up` will judge it:",
  },
  { cause: "malformed", heading: "Not judged, because the document is malformed:" },
  { cause: "fault", heading: "Not judged, because the control failed. Please report this:" },
] as const satisfies readonly { cause: OpenQuestion["notJudged"]["cause"]; heading: string }[];

/** One line for each value, with the controls that needed it. */
const section = (
  heading: string,
  questions: readonly OpenQuestion[],
  cause: OpenQuestion["notJudged"]["cause"],
): readonly string[] => {
  const byValue = new Map<string, Set<string>>();
  for (const { control, notJudged } of questions) {
    if (notJudged.cause !== cause) continue;
    const value = `${notJudged.resource?.name ?? "the stack"}: ${notJudged.path}`;
    byValue.set(value, (byValue.get(value) ?? new Set()).add(control.id));
  }
  if (byValue.size === 0) return [];
  return [heading, ...[...byValue].map(([value, ids]) => `- ${value} (${[...ids].sort().join(", ")})`)];
};
