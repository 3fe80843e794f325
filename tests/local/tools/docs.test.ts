import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  guideWithProperties,
  projectWithSettings,
  ROOT,
  readmeWithTables,
  settingsTable,
} from "../../../local/tools/docs.ts";

const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

test("README.md's tables are what `npm run docs` writes", async () => {
  const readme = await read("README.md");
  expect(readmeWithTables(readme)).toBe(readme);
});

test("Pulumi.yaml's settings are what `npm run docs` writes", async () => {
  const project = await read("Pulumi.yaml");
  expect(projectWithSettings(project)).toBe(project);
});

test("a row tells key, meaning, range and default", () => {
  expect(settingsTable()).toContain(
    "| `memoryMb` | Memory of the function in MiB; CPU grows with it, 1,769 is one full vCPU. A new account may have to ask AWS Support for more than 3,008 | 512 to 10,240 | 1769 |",
  );
  expect(settingsTable()).toContain(
    "| `reservedConcurrency` | Concurrent runs reserved for the function; none are reserved when unset. Lambda keeps 100 of the account's unreserved, and a new account may have 10: raise the quota L-B99A9384 first | 1 to 1,000 | none |",
  );
});

test("docs/renditions.md tells of each property what `npm run docs` writes", async () => {
  const guide = await read("docs/renditions.md");
  expect(guideWithProperties(guide)).toBe(guide);
  expect(() => guideWithProperties("# Nothing")).toThrow('docs/renditions.md: expected the line "<!-- ');
});

test("a README without the marks is refused with the line that is missing", () => {
  expect(() => readmeWithTables("# Nothing")).toThrow(
    'README.md: expected the line "<!-- settings: `npm run docs` writes what follows -->" and after it "<!-- end of settings -->".',
  );
});
