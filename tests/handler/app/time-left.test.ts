import { afterEach, describe, expect, it, vi } from "vitest";
import { timeLeft } from "../../../handler/app/time-left.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("timeLeft", () => {
  it("refuses a step once the answer is due, 1.5 s before the end", () => {
    expect(timeLeft(() => 1_501).check()).toBeUndefined();
    expect(() => timeLeft(() => 1_500).check()).toThrow(
      "The function's time is up; the message is handed back before it ends.",
    );
  });

  it("has enough for another message while the longest so far would fit", () => {
    const time = timeLeft(() => 5_000);
    expect(time.isEnoughForAnother()).toBe(true);
    time.spent(3_499);
    time.spent(10);
    expect(time.isEnoughForAnother()).toBe(true);
    time.spent(3_500);
    expect(time.isEnoughForAnother()).toBe(false);
  });

  it("waits for work until the answer is due", async () => {
    vi.useFakeTimers();
    const never = timeLeft(() => 4_000).within(new Promise<string>(() => undefined));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(await never).toBeUndefined();
    expect(await timeLeft(() => 4_000).within(Promise.resolve("done"))).toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });
});
