import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

/** What deploys: processes of its own, and state that belongs to a file. Each takes many seconds, so they start first. */
const ENGINE = ["tests/engine/**/*.test.ts"];
const LOCAL = ["tests/local/**/*.test.ts", "tests/page/**/*.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
    // One pool for all three, so that no CPU idles: by default Vitest leaves one of them free, which is half of two.
    maxWorkers: "100%",
    // Not a measure of speed, only the end of what hangs: a busy machine takes several times as long as a free one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Projects run in the order of their names, the longest first.
    projects: [
      { extends: true, test: { name: "1 engine", include: ENGINE } },
      { extends: true, test: { name: "2 local", include: LOCAL } },
      {
        extends: true,
        test: {
          name: "3 unit",
          include: ["tests/**/*.test.ts"],
          exclude: [...ENGINE, ...LOCAL],
          // Pure functions and mocks: to load the same modules anew for each of the files took ten times as long.
          isolate: false,
        },
      },
    ],
  },
});
