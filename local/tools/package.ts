import { relative } from "node:path";
import { parseArgs } from "node:util";
import { bundleHandler } from "../../handler/bundle.ts";
import { sizeText } from "../../handler/core/byte-size.ts";
import { optionsOrUsage, runCommand } from "../../operator/command.ts";
import { say, sayUsage } from "../../operator/output.ts";
import { LocalError } from "../errors.ts";

const USAGE = `npm run package -- [--architecture arm64|x86_64]
Makes the function's zip, by default for arm64, and tells what is in it.`;

const optionsOf = (args: readonly string[]) =>
  optionsOrUsage(
    USAGE,
    () =>
      parseArgs({
        args: [...args],
        options: {
          architecture: { type: "string", default: "arm64" },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );

const architectureOf = (given: string): "arm64" | "x86_64" => {
  if (given !== "arm64" && given !== "x86_64") {
    throw new LocalError(`--architecture ${given}: expected arm64 or x86_64.\n\n${USAGE}`);
  }
  return given;
};

/** The package that a file belongs to, or the file itself when it is the handler's own. */
const partOf = (path: string): string => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;

await runCommand(async () => {
  const { architecture, help } = optionsOf(process.argv.slice(2));
  if (help) {
    sayUsage(USAGE);
    return 0;
  }
  const { path, bytes, sha256, entries } = await bundleHandler({
    architecture: architectureOf(architecture),
  });
  const parts = Map.groupBy(entries, (entry) => partOf(entry.path));
  const unzipped = entries.reduce((sum, { size }) => sum + size, 0);
  say(`${relative(process.cwd(), path)}  for ${architecture}`);
  for (const [part, files] of parts) {
    const size = sizeText(files.reduce((sum, file) => sum + file.size, 0));
    say(`  ${part.padEnd(34)}${size.padStart(12)}${files.length > 1 ? `  in ${files.length} files` : ""}`);
  }
  say(`${sizeText(bytes)} zipped, ${sizeText(unzipped)} unzipped, SHA-256 ${sha256}`);
  return 0;
});
