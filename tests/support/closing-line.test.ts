import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const repository = join(import.meta.dirname, "../..");
const TEST = 'import { expect, it } from "vitest";\n';

let folder: string;
beforeEach(() => {
  // Inside the repository, where `vitest` is found.
  mkdirSync(join(repository, ".cache"), { recursive: true });
  folder = mkdtempSync(join(repository, ".cache/closing-line-"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { ClosingLine } from "${join(repository, "tests/support/closing-line.ts")}";
import { existsSync } from "node:fs";
const reporters = existsSync("${join(folder, "reporter.ts")}") ? ["${join(folder, "reporter.ts")}"] : [];
export default { test: { include: ["*.check.ts"], reporters: ["default", ...reporters, new ClosingLine()] } };`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lastLineOf = (files: Readonly<Record<string, string>>): string | undefined => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { stdout } = spawnSync(
    process.execPath,
    [join(repository, "node_modules/vitest/vitest.mjs"), "run", "--root", folder],
    { encoding: "utf8" },
  );
  return stdout.trimEnd().split("\n").at(-1);
};

it("counts every test, and what does not load, a hook and an error outside of a test as failures", () => {
  expect(
    lastLineOf({
      "some.check.ts": `${TEST}
it("passes", () => {});
it("passes, too", () => {});
it("fails", () => expect(1).toBe(2));
it.skip("is skipped", () => {});
it.todo("is to come");`,
      "broken.check.ts": "throw new Error('it does not load');",
      "hooks.check.ts": `import { beforeAll, describe, it } from "vitest";
beforeAll(() => {});
describe("a suite", () => {
  beforeAll(() => { throw new Error("it does not start"); });
  it("is skipped for that", () => {});
});`,
      "loose.check.ts": `${TEST}
it("passes, but leaves a rejection behind", () => { Promise.reject(new Error("nobody catches it")); });`,
    }),
  ).toBe("tests: 3 passed, 4 failed, 3 skipped");
});

it("counts a run that breaks off before its end as a failure", () => {
  expect(
    lastLineOf({
      "reporter.ts": "export default class { onTestRunStart() { process.exit(3); } }",
      "some.check.ts": `${TEST}it("passes", () => {});`,
    }),
  ).toBe("tests: 0 passed, 1 failed, 0 skipped");
});
