/** Prints a document for the shell lines of .github/README.md: `node .github/bootstrap/print.ts deploy`. */
import { PrintError, print } from "./printed.ts";

try {
  process.stdout.write(`${print(process.argv[2] ?? "", process.env)}\n`);
} catch (error) {
  if (!(error instanceof PrintError)) throw error;
  process.stderr.write(`print.ts: ${error.message}\n`);
  process.exitCode = 1;
}
