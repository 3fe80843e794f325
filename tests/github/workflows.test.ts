import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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
      environment: z.string().optional(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(
        z.object({
          name: z.string().optional(),
          uses: z.string().optional(),
          run: z.string().optional(),
          env: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

/** A secret as a workflow writes it. */
const secret = (name: string): string => `\${{ secrets.${name} }}`;

const read = (file: string) => {
  const text = readFileSync(join(folder, file), "utf8");
  return { text, workflow: workflowSchema.parse(parse(text)) };
};

describe.each(readdirSync(folder))("the workflow %s", (file) => {
  const { text, workflow } = read(file);
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

  it("runs no package's script in a job that AWS lends a role", () => {
    const installs = jobs
      .filter(({ permissions }) => permissions["id-token"] === "write")
      .flatMap(({ steps }) => steps.flatMap(({ run }) => run?.split("\n") ?? []))
      .filter((line) => /\bnpm (ci|i|install|rebuild)\b/.test(line));
    expect(installs).toEqual(["npm ci --ignore-scripts"]);
  });

  it("gives the token that deploys to jobs of a protected environment alone", () => {
    const tokens = jobs.flatMap(({ environment, steps }) =>
      steps.flatMap(({ env }) =>
        Object.entries(env)
          .filter(([name]) => name === "PULUMI_ACCESS_TOKEN")
          .map(([, value]) => [environment ?? "none", value]),
      ),
    );
    expect(tokens).toEqual([
      "pull_request" in workflow.on
        ? ["none", secret("PULUMI_PREVIEW_ACCESS_TOKEN")]
        : ["production", secret("PULUMI_ACCESS_TOKEN")],
    ]);
    expect(text.match(/secrets\.PULUMI_ACCESS_TOKEN/g)?.length ?? 0).toBe(
      "pull_request" in workflow.on ? 0 : 1,
    );
  });
});

describe("the comment on a pull request", () => {
  const { workflow } = read("pull-request.yml");
  const script = workflow.jobs["comment"]?.steps.find(({ run }) => run?.includes("gh api"))?.run ?? "";

  /** What the job would write, of what the preview printed. */
  const commentOf = async (diff: string): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), "comment-"));
    // Says that there is no comment yet, and takes the new one.
    await writeFile(join(directory, "gh"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    const env = {
      PATH: `${directory}:${process.env["PATH"]}`,
      REPOSITORY: "owner/repository",
      NUMBER: "1",
      STACK: "production",
      RESULT: "success",
      DIFF: diff,
    };
    await promisify(execFile)("bash", ["--norc", "-e", "-c", script], { cwd: directory, env });
    const body = await readFile(join(directory, "body.md"), "utf8");
    await rm(directory, { recursive: true });
    return body;
  };

  /** The text between the first fence and the first line that ends it, by CommonMark, and what comes after. */
  const parts = (body: string) => {
    const lines = body.split(/\r\n|\n|\r/);
    const start = lines.findIndex((line) => line.startsWith("~~~"));
    const { length } = /^~+/.exec(lines[start] ?? "")?.[0] ?? "";
    const end = lines.findIndex(
      (line, index) => index > start && new RegExp(`^ {0,3}~{${length},}[ \\t]*$`).test(line),
    );
    return { inside: lines.slice(start + 1, end).join("\n"), after: lines.slice(end + 1).join("\n") };
  };

  it.each([
    ["plain text", "+ aws:s3:Bucket source create"],
    ["a fence of eight", "~~~~~~~~\n</details>\n<img src=x>\n~~~~~~~~"],
    ["a longer one", `a ~ b\n${"~".repeat(40)}\n@everyone`],
    ["one behind a carriage return", `a\n\r${"~".repeat(9)}\n<b>`],
    ["one of backticks", "\u0060\u0060\u0060\n<b>"],
  ])("holds %s in its fence", async (_, diff) => {
    const { inside, after } = parts(await commentOf(diff));
    expect(inside).toBe(diff.replaceAll("\r", "\n"));
    expect(after).toBe("\n</details>\n");
  });

  it("fits into a comment, even where the text is one long run of tildes", async () => {
    const body = await commentOf("~".repeat(60_000));
    expect(body.length).toBeLessThan(65_536);
    expect(parts(body)).toEqual({ inside: "-".repeat(60_000), after: "\n</details>\n" });
  });

  it("says so where there is no output", async () => {
    expect(parts(await commentOf("")).inside).toBe("There is no output: see the log of the job.");
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
