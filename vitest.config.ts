import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

/** The real engine: each file takes minutes, so that they start first, beside the others. */
const ENGINE = ["tests/engine/**/*.test.ts"];
/** Functions from data to data, which leave nothing behind that another file could see. */
const PURE = [
  "tests/handler/app/**/*.test.ts",
  "tests/handler/core/**/*.test.ts",
  "tests/policy/controls/**/*.test.ts",
  "tests/policy/{aws,engine,iam}/**/*.test.ts",
];

export default defineConfig({
  test: {
    // Emulators refuse what AWS's service models do not allow, in these processes and in those that they start.
    env: { CHECK_AWS_REQUESTS: "1" },
    reporters: ["default", new ClosingLine()],
    // One pool for all, so that no CPU idles: by default Vitest leaves one of them free, which is half of two.
    maxWorkers: "100%",
    // Not a measure of speed, only the end of what hangs: a busy machine takes several times as long as a free one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Files are started in the order of their projects' names.
    projects: [
      { extends: true, test: { name: "1 engine", include: ENGINE } },
      {
        extends: true,
        test: { name: "2 processes", include: ["tests/**/*.test.ts"], exclude: [...ENGINE, ...PURE] },
      },
      // To load the same modules anew for each of these files took ten times as long.
      { extends: true, test: { name: "3 pure", include: PURE, isolate: false } },
    ],
  },
});
