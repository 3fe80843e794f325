import { describe, expect, it } from "vitest";
import { costPerMillion, durationMs, WAITING_MS } from "./cost.ts";

const DURATION = { cpuMs: 400, partOnTwo: 0.7 };

describe("durationMs", () => {
  it("grows as the share of a vCPU shrinks, and shrinks with a second vCPU alone", () => {
    expect([884.5, 1769, 2500, 3538].map((memory) => durationMs(memory, DURATION) - WAITING_MS)).toEqual([
      800, 400, 400, 280,
    ]);
  });
});

describe("costPerMillion", () => {
  it("counts memory times time, and the requests", () => {
    // 0.55 s x 1.7275390625 GB x $0.0000133334 x 1,000,000 + $0.20
    expect(costPerMillion(1769, "arm64", DURATION)).toBeCloseTo(12.8687, 4);
    expect(costPerMillion(1769, "x86_64", DURATION)).toBeCloseTo(16.0358, 4);
  });
});
