import type { RawContext, ResourceControl, StackControl } from "./control.ts";
import { type Finding, type Judgement, judgeApart, type NotJudged } from "./judgement.ts";
import type { ResourceView } from "./resource.ts";
import type { StackView } from "./stack.ts";

/** What a control said: all of it, in one word and in detail. */
export type Verdict = {
  /** A violation outweighs what could not be judged, and that outweighs compliance. */
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
  return verdictOf(judgeApart(resource, () => control.check(resource, context)));
};

export const judgeStack = (control: StackControl, stack: StackView, context: RawContext): Verdict => {
  if (stack.ofType(control.types).length === 0) return NOT_APPLICABLE;
  return verdictOf(judgeApart(undefined, () => control.check(stack, context)));
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
