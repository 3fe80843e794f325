import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { takingTurns } from "../../../handler/app/in-turn.ts";

describe("takingTurns", () => {
  it("runs one after the other in the order given, and gives each its result", async () => {
    const inTurn = takingTurns();
    const steps: string[] = [];
    const work = (name: string, milliseconds: number) => async () => {
      steps.push(`${name} begins`);
      await setTimeout(milliseconds);
      steps.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([inTurn(work("slow", 20)), inTurn(work("quick", 0))])).toEqual([
      "slow",
      "quick",
    ]);
    expect(steps).toEqual(["slow begins", "slow ends", "quick begins", "quick ends"]);
  });

  it("goes on after a failure, which only its own caller sees", async () => {
    const inTurn = takingTurns();
    const failing = inTurn(() => Promise.reject(new Error("no luck")));
    const next = inTurn(async () => "done");
    await expect(failing).rejects.toThrow("no luck");
    expect(await next).toBe("done");
  });
});
