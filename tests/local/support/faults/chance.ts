import { fingerprint } from "../../../../handler/core/fingerprint.ts";
import { randomFrom } from "../../../support/random.ts";
import { type Call, FAULTS, type Fault } from "./fault-proxy.ts";

/** How often each fault is among the faults: a killed process takes seconds to come back. */
const WEIGHTS = {
  error: 6,
  throttle: 6,
  latency: 2,
  "half a response": 4,
  "reset before": 4,
  "reset after": 4,
  "clock skew": 2,
  "kill before": 1,
  "kill after": 1,
} as const satisfies Record<Fault, number>;

/**
 * Faults by chance, and the same ones each time: whether a call is harmed depends on the seed, on what it is about and on
 * how often that was called before, not on which of two calls is quicker.
 * @param part of all calls that are harmed, 0 to 1
 */
export const byChance = (seed: number, part: number): ((call: Call) => Fault | undefined) => {
  const calls = new Map<string, number>();
  return ({ operation, key }) => {
    const about = `${operation} ${key}`;
    const before = calls.get(about) ?? 0;
    calls.set(about, before + 1);
    const next = randomFrom(seed ^ Number.parseInt(fingerprint(`${about} ${before}`).slice(0, 8), 16));
    if (next() >= part) return undefined;
    const weights = Object.entries(WEIGHTS);
    let place = next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
    const [chosen] = weights.find(([, weight]) => {
      place -= weight;
      return place < 0;
    }) ?? [undefined];
    return FAULTS.find((fault) => fault === chosen);
  };
};
