import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";
import { z } from "zod";
import { optionsOrUsage, runCommand } from "../../operator/command.ts";
import { say, sayUsage } from "../../operator/output.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const USAGE = `npm run sbom -- [--output FILE]
Writes what the product is made of, as a CycloneDX 1.5 bill of materials of the packages that package-lock.json pins for
use; by default to .cache/sbom.cdx.json. It asks nobody.`;

const component = z.looseObject({
  "bom-ref": z.string(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});

const bill = z.looseObject({
  components: z.array(component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
type Bill = z.output<typeof bill>;

const isForDevelopment = ({ properties }: Bill["components"][number]): boolean =>
  properties.some(({ name, value }) => name === "cdx:npm:package:development" && value === "true");

/** npm's own `--omit dev` also leaves out what is used both in development and otherwise. */
const withoutDevelopment = (whole: Bill): Bill => {
  const omitted = new Set(whole.components.filter(isForDevelopment).map((each) => each["bom-ref"]));
  return {
    ...whole,
    components: whole.components.filter((each) => !omitted.has(each["bom-ref"])),
    dependencies: whole.dependencies
      .filter(({ ref }) => !omitted.has(ref))
      .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => !omitted.has(ref)) })),
  };
};

await runCommand(async () => {
  const { output, help } = optionsOrUsage(
    USAGE,
    () =>
      parseArgs({
        args: process.argv.slice(2),
        options: {
          output: { type: "string", default: join(ROOT, ".cache", "sbom.cdx.json") },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );
  if (help) {
    sayUsage(USAGE);
    return 0;
  }
  const isWindows = process.platform === "win32";
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const { stdout } = await promisify(execFile)(isWindows ? "npm.cmd" : "npm", args, {
    cwd: ROOT,
    maxBuffer: 50_000_000,
    shell: isWindows,
  });
  const used = withoutDevelopment(bill.parse(JSON.parse(stdout)));
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, `${JSON.stringify(used, undefined, 2)}\n`);
  say(`${relative(process.cwd(), output)}  ${used.components.length} packages, CycloneDX 1.5`);
  return 0;
});
