import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { findActionlint, VERSION } from "./support/actionlint.ts";

const folder = join(import.meta.dirname, "../../.github/workflows");
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      "timeout-minutes": z.int(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});

describe.each(readdirSync(folder))("the workflow %s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const workflow = workflowSchema.parse(parse(text));
  const jobs = Object.values(workflow.jobs);

  it("pins every action by commit, and says which version that is", () => {
    const uses = [...text.matchAll(/^\s*-? uses: (.*)$/gm)].map(([, action]) => action);
    expect(uses.length).toBe(jobs.flatMap(({ steps }) => steps).filter((step) => step.uses).length);
    for (const action of uses) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("grants nothing but what a job names, and no job may both run this code on AWS and write to the repository", () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions } of jobs) {
      const writes = Object.entries(permissions).flatMap(([scope, access]) =>
        access === "write" ? [scope] : [],
      );
      expect(writes.length, JSON.stringify(permissions)).toBeLessThanOrEqual(1);
    }
  });

  it("never runs a fork's code with this repository's rights, nor puts its text into a script", () => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    const scripts = jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

const actionlint = await findActionlint();

describe("actionlint", () => {
  const pinned = readFileSync(join(import.meta.dirname, "support/actionlint/go.mod"), "utf8");

  it("is of the version that its Go module pins", () => {
    expect(pinned).toContain(`github.com/rhysd/actionlint v${VERSION} `);
  });

  const { bin } = actionlint;
  const finds = (...files: string[]): Promise<string> => {
    // What else is installed on this machine must not decide.
    const args = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes=", ...files];
    return new Promise((resolve) => {
      execFile(bin ?? "", args, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
  };

  it.skipIf(bin === undefined)(
    bin === undefined ? actionlint.reason : "finds nothing wrong in any workflow",
    async () => {
      expect(await finds(...readdirSync(folder).map((file) => join(folder, file)))).toBe("");
    },
  );

  it.skipIf(bin === undefined)("would find something", async () => {
    const sound = readFileSync(join(folder, "main.yml"), "utf8");
    const directory = await mkdtemp(join(tmpdir(), "workflow-"));
    const file = join(directory, "broken.yml");
    await writeFile(file, sound.replace("needs: test", "needs: tests"));
    expect(await finds(file)).toMatch(/job "up" needs job "tests" which does not exist/);
    await rm(directory, { recursive: true });
  });
});
