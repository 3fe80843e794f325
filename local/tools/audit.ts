import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { optionsOrUsage, runCommand } from "../../operator/command.ts";
import { OperatorError } from "../../operator/errors.ts";
import { say, sayAside, sayUsage } from "../../operator/output.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const USAGE = `node local/tools/audit.ts [--strict]
Asks the npm registry for known vulnerabilities of the installed packages, as \`npm audit\` does, and fails when one is
high or critical. Where the registry can't be asked it says so and passes; with --strict it fails then too.`;

/** Severities that stop a check, as npm orders them. */
const SERIOUS = ["high", "critical"] as const;

const report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.string(),
      range: z.string(),
      via: z.array(
        z.union([z.string(), z.looseObject({ title: z.string().optional(), url: z.string().optional() })]),
      ),
    }),
  ),
});

/** What `npm audit --json` prints when the registry has no answer. */
const failure = z.object({
  message: z.string().optional(),
  error: z.looseObject({ summary: z.string().optional() }).optional(),
});

const npmAudit = (): Promise<string> =>
  new Promise((resolve) => {
    const args = ["audit", "--json", "--fetch-retries=0", "--fetch-timeout=15000"];
    const isWindows = process.platform === "win32";
    // npm ends with 1 for findings and for failures alike: what it printed tells them apart.
    execFile(
      isWindows ? "npm.cmd" : "npm",
      args,
      { cwd: ROOT, maxBuffer: 50_000_000, shell: isWindows },
      (_error, stdout) => resolve(stdout),
    );
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

type Finding = z.output<typeof report>["vulnerabilities"][string];

const lineOf = ({ name, severity, range, via }: Finding): string => {
  const advisories = via.flatMap((each) =>
    typeof each === "string" ? [`through ${each}`] : [each.title, each.url],
  );
  const words = [name, range, advisories.filter((each) => each !== undefined).join(", ")];
  return `  ${severity}: ${words.filter((word) => word !== "").join(" ")}`;
};

await runCommand(async () => {
  const { strict, help } = optionsOrUsage(
    USAGE,
    () =>
      parseArgs({
        args: process.argv.slice(2),
        options: { strict: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
      }).values,
  );
  if (help) {
    sayUsage(USAGE);
    return 0;
  }
  const answer = parsed(await npmAudit());
  const found = report.safeParse(answer).data;
  if (found === undefined) {
    const said = failure.safeParse(answer).data;
    const why = said?.message ?? said?.error?.summary ?? "npm gave no reason";
    const sentence = `audit: the npm registry could not be asked for known vulnerabilities: ${why.trim().split("\n")[0]}`;
    if (strict) throw new OperatorError(sentence);
    say(`${sentence}. Not checked.`);
    return 0;
  }
  const serious = Object.values(found.vulnerabilities).filter(({ severity }) =>
    SERIOUS.some((each) => each === severity),
  );
  if (serious.length === 0) {
    say("audit: no high or critical vulnerability is known.");
    return 0;
  }
  sayAside(`audit: ${serious.length} high or critical:`, ...serious.map(lineOf));
  return 1;
});
