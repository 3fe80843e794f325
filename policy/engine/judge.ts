import type { RawContext, ResourceControl, StackControl } from "./control.ts";
import { type Finding, type Judgement, judgePart, type NotJudged } from "./judgement.ts";
import type { ResourceView } from "./resource.ts";
import type { StackView } from "./stack.ts";

/** A control's result: the outcome in one word, and the details. */
export type Verdict = {
  /** A violation takes precedence over "not judged", which takes precedence over "compliant". */
  readonly outcome: "not applicable" | "compliant" | "violation" | "not judged";
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
};

const NOT_APPLICABLE: Verdict = { outcome: "not applicable", findings: [], notJudged: [] };

export const judgeResource = (
  control: ResourceControl,
  resource: ResourceView,
  context: RawContext,
): Verdict => {
  if (!control.types.includes(resource.type)) return NOT_APPLICABLE;
  return verdictOf(judgePart(resource, () => control.check(resource, context)));
};

export const judgeStack = (control: StackControl, stack: StackView, context: RawContext): Verdict => {
  if (stack.ofType(control.types).length === 0) return NOT_APPLICABLE;
  return verdictOf(judgePart(undefined, () => control.check(stack, context)));
};

const verdictOf = (judgements: Iterable<Judgement>): Verdict => {
  const findings: Finding[] = [];
  const notJudged: NotJudged[] = [];
  let applicable = true;
  for (const judgement of judgements) {
    switch (judgement.kind) {
      case "finding":
        findings.push(judgement);
        break;
      case "not judged":
        notJudged.push(judgement);
        break;
      case "not applicable":
        applicable = false;
        break;
      default:
        judgement satisfies never;
    }
  }
  if (findings.length > 0) return { outcome: "violation", findings, notJudged };
  if (notJudged.length > 0) return { outcome: "not judged", findings, notJudged };
  return applicable ? { outcome: "compliant", findings, notJudged } : NOT_APPLICABLE;
};
