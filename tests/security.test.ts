import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { unzipSync } from "fflate";
import { describe, expect, test, vi } from "vitest";
import { bundleHandler } from "../handler/bundle.ts";
import { OUTCOME_TIMEOUT_MS } from "./local/support/emulated-aws.ts";
import { localPipeline } from "./local/support/local-pipeline.ts";
import { controlPath } from "./policy/support/control-files.ts";
import { runProgram } from "./support/program.ts";

const ROOT = join(import.meta.dirname, "..");
const text = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The lines of the table of threats, and what its last column names for each. */
const lines = text("docs/security.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (threat|---) /.test(line))
  .map((line) => {
    const cells = line.split(" | ");
    return { threat: cells[0]?.slice(2) ?? "", enforcedBy: cells.at(-1) ?? "" };
  });

const named = (kind: "control" | "resource"): readonly string[] =>
  lines.flatMap(({ enforcedBy }) =>
    [...enforcedBy.matchAll(new RegExp(`${kind}:([a-z0-9-]+)`, "g"))].map(([, name = ""]) => name),
  );

const tests = lines.flatMap(({ enforcedBy }) =>
  [...enforcedBy.matchAll(/test:(\S+) "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title })),
);

describe("docs/security.md", () => {
  test("names what enforces every threat's line", () => {
    expect(lines.length).toBeGreaterThan(15);
    for (const { threat, enforcedBy } of lines) {
      expect([threat, enforcedBy]).toEqual([threat, expect.stringMatching(/(control|resource|test):/)]);
    }
  });

  test("names controls of the pack", () => {
    expect(named("control").length).toBeGreaterThan(15);
    const pack = text("policy/index.ts") + text("policy/controls/index.ts");
    for (const control of new Set(named("control"))) {
      expect(pack).toContain(`./${controlPath(control)}.ts`);
      expect(text(`policy/controls/${controlPath(control)}.ts`)).toContain(`"${control}"`);
    }
  });

  test("names resources that the program makes", async () => {
    const made = (await runProgram()).resources.map(({ name }) => name);
    expect(made).toEqual(expect.arrayContaining([...new Set(named("resource"))]));
  });

  test("names tests that there are, by their titles", () => {
    expect(tests.length).toBeGreaterThan(15);
    for (const { file, title } of tests) {
      expect([file, text(file)]).toEqual([file, expect.stringContaining(`"${title}"`)]);
    }
  });
});

/** What credentials and keys look like, whoever issued them. */
const CREDENTIALS = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[A-Za-z0-9+/]/,
  /\b(gh[pousr]|npm|pul)_?-?[0-9a-zA-Z]{36,}\b/,
  /aws_secret_access_key\s*=\s*[A-Za-z0-9+/]{40}\b/i,
] as const;

describe("secrets", () => {
  test(
    "the zip holds no credential, no key and no file of the stack's configuration",
    async () => {
      const { path } = await bundleHandler({ architecture: "arm64" });
      const files = Object.entries(unzipSync(readFileSync(path)));
      expect(files.length).toBeGreaterThan(5);
      for (const [name, bytes] of files) {
        expect(name).not.toMatch(/(^|\/)(\.env|\.npmrc|Pulumi\..*\.ya?ml|credentials|.*\.(pem|key|p12))$/);
        const content = Buffer.from(bytes).toString("latin1");
        for (const pattern of CREDENTIALS) {
          expect([name, pattern.exec(content)?.[0].slice(0, 8)]).toEqual([name, undefined]);
        }
      }
    },
    OUTCOME_TIMEOUT_MS,
  );

  describe("in a run", () => {
    const local = localPipeline({ settings: { email: "owner.of.images@example.com", logLevel: "DEBUG" } });

    test("a run logs neither the function's credentials nor the owner's address", async () => {
      const { aws, outputs } = local.pipeline;
      await local.pipeline.waitForRecord(await local.pipeline.upload(Buffer.from("no image"), "notes.txt"));
      const logged = await vi.waitFor(
        async () => {
          const { events = [] } = await aws.logs.send(
            new FilterLogEventsCommand({ logGroupName: outputs.logGroupName }),
          );
          const lines = events.map(({ message = "" }) => message).join("\n");
          expect(lines).toContain("UNSUPPORTED_FORMAT");
          return lines;
        },
        { timeout: OUTCOME_TIMEOUT_MS, interval: 200 },
      );
      expect(logged).not.toContain("owner.of.images@example.com");
      expect(logged).not.toMatch(
        /AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|secretAccessKey|X-Amz-Security-Token/i,
      );
      for (const pattern of CREDENTIALS) expect(logged).not.toMatch(pattern);
    });
  });
});
