import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { courseOf, sampleFunctionMemory } from "./function-memory.ts";

const MIB = 2 ** 20;

const samples = (count: number, bytesAt: (second: number) => number) =>
  Array.from({ length: count }, (_, seconds) => ({ seconds, bytes: bytesAt(seconds), processes: 4 }));

it("tells steady memory from memory that grows, whatever the warm-up", () => {
  const steady = courseOf(samples(100, (second) => (second < 40 ? 10 + second : 200 + (second % 2)) * MIB));
  expect(steady).toMatchObject({ processes: 4, mostBytes: 201 * MIB });
  expect(Math.abs(steady?.bytesPerSecond ?? Number.NaN)).toBeLessThan(0.01 * MIB);
  expect((steady?.lastThirdBytes ?? 0) - (steady?.firstThirdBytes ?? 0)).toBeLessThanOrEqual(MIB);
  expect(courseOf(samples(100, (second) => (200 + second) * MIB))).toEqual({
    processes: 4,
    firstThirdBytes: 249.5 * MIB,
    lastThirdBytes: 289.5 * MIB,
    mostBytes: 299 * MIB,
    bytesPerSecond: MIB,
  });
});

it("tells nothing of too few samples", () => {
  expect(courseOf(samples(3, () => MIB))).toBeUndefined();
  expect(courseOf([])).toBeUndefined();
});

it.runIf(process.platform === "linux")("counts the processes below a child, and not the child", async () => {
  const script = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: "ignore" });
  const { samples: sampled, end } = sampleFunctionMemory();
  try {
    await vi.waitFor(() => expect(sampled.at(-1)).toMatchObject({ processes: 1 }), {
      timeout: 30_000,
      interval: 100,
    });
    expect(sampled.at(-1)?.bytes).toBeGreaterThan(20 * MIB);
  } finally {
    end();
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await once(child, "close");
  }
});
