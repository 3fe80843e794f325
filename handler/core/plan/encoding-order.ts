import { formatFacts } from "../spec/format.ts";
import type { RenditionPlan, TransformPlan } from "./plan.ts";

type Costly = { readonly cost: number };

const costliest = (a: Costly, b: Costly): number => b.cost - a.cost;

const encodingCost = ({ size, frames = 1 }: TransformPlan, { format }: RenditionPlan): number =>
  frames * size.width * size.height * formatFacts(format).encodingCost;

/**
 * The plans, and the renditions of each, costliest first. Begun in this order the longest encoding is never the last
 * one to begin while other vCPUs have nothing left to do; the renditions of one plan stay together, since they share
 * its pixels.
 */
export const costliestFirst = (plans: readonly TransformPlan[]): readonly TransformPlan[] =>
  plans
    .map((plan) => {
      const renditions = plan.renditions
        .map((rendition) => ({ rendition, cost: encodingCost(plan, rendition) }))
        .sort(costliest);
      const cost = renditions.reduce((sum, each) => sum + each.cost, 0);
      return { plan: { ...plan, renditions: renditions.map(({ rendition }) => rendition) }, cost };
    })
    .sort(costliest)
    .map(({ plan }) => plan);
