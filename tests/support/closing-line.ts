import type { Reporter, TestModule } from "vitest/node";

export type Counts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

/** The true counts of a run: what does not load, a hook that fails and an error outside of any test count as failed. */
export const countTests = (modules: readonly TestModule[], unhandledErrors: number): Counts => {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    // A hook of a suite that fails leaves the suite's tests skipped.
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === "pending" ? "skipped" : state] += 1;
    }
  }
  return counts;
};

/**
 * Prints the counts as the very last line of the run, for whoever reads no more than that. A run that breaks off before
 * its end counts as a failure.
 */
export class ClosingLine implements Reporter {
  #counts: Counts = { passed: 0, failed: 1, skipped: 0 };

  onInit(): void {
    process.on("exit", () => {
      const { passed, failed, skipped } = this.#counts;
      console.info(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = countTests(modules, unhandledErrors.length);
  }
}
