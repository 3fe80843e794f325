import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

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
