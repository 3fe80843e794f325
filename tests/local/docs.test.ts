import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectWithSettings, ROOT, readmeWithSettings, settingsTable } from "../../local/docs.ts";

const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

test("README.md's table of settings is what `npm run docs` writes", async () => {
  const readme = await read("README.md");
  expect(readmeWithSettings(readme)).toBe(readme);
});

test("Pulumi.yaml's settings are what `npm run docs` writes", async () => {
  const project = await read("Pulumi.yaml");
  expect(projectWithSettings(project)).toBe(project);
});

test("a row tells key, meaning, range and default", () => {
  expect(settingsTable()).toContain(
    "| `memoryMb` | Memory of the function in MiB; CPU grows with it, 1,769 is one full vCPU | 512 to 10,240 | 1769 |",
  );
  expect(settingsTable()).toContain(
    "| `reservedConcurrency` | Concurrent runs reserved for the function; none are reserved when unset | 1 to 1,000 | none |",
  );
});

test("a README without the marks is refused with the line that is missing", () => {
  expect(() => readmeWithSettings("# Nothing")).toThrow(
    'README.md: expected the line "<!-- settings: `npm run docs` writes what follows -->" and after it "<!-- end of settings -->".',
  );
});
