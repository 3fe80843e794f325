import { controls } from "../policy/controls/index.ts";
import type { Control } from "../policy/engine/control.ts";
import { judgeResource, judgeStack, type Verdict } from "../policy/engine/judge.ts";
import { Properties } from "../policy/engine/properties.ts";
import type { StackResource } from "../policy/engine/resource.ts";
import { DEFAULT_SETTINGS } from "../policy/engine/settings.ts";
import { StackView } from "../policy/engine/stack.ts";
import type { ControlView } from "./model.ts";
import type { DeployedResource } from "./ports.ts";

const subjectOf = (resource: DeployedResource): StackResource => ({
  type: resource.type,
  name: resource.name,
  urn: resource.urn,
  props: new Properties(resource.properties),
  options: { protect: resource.isProtected, ignoreChanges: [] },
  dependencies: resource.dependencies,
  propertyDependencies: resource.propertyDependencies,
});

const verdictsOf = (
  control: Control,
  subjects: readonly StackResource[],
  today: string,
): readonly Verdict[] => {
  const context = { parameters: {}, settings: DEFAULT_SETTINGS, today };
  return control.kind === "stack"
    ? [judgeStack(control, new StackView(subjects), context)]
    : subjects.map((subject) => judgeResource(control, subject, context));
};

/** What the policy pack says of what is deployed, control by control; controls that have nothing to judge are left out. */
export const judgedControls = (resources: readonly DeployedResource[], now: Date): readonly ControlView[] => {
  const subjects = resources.map(subjectOf);
  const today = now.toISOString().slice(0, 10);
  return controls
    .filter(({ level }) => level !== "disabled")
    .flatMap((control) => {
      const verdicts = verdictsOf(control, subjects, today);
      const outcome = (["violation", "not judged", "compliant"] as const).find((word) =>
        verdicts.some((verdict) => verdict.outcome === word),
      );
      const { id, title, severity, level } = control;
      const findings = verdicts.flatMap((verdict) =>
        verdict.findings.map(({ resource, message }) => `${resource?.name ?? "the stack"}: ${message}`),
      );
      return outcome === undefined ? [] : [{ id, title, severity, level, outcome, findings }];
    });
};
