import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PYTHON =
  process.platform === "win32"
    ? join(ROOT, ".cache", "venv", "Scripts", "python.exe")
    : join(ROOT, ".cache", "venv", "bin", "python");

/**
 * Runs Python lines with botocore, the core of the AWS CLI, which the emulator brings: it signs and finds its
 * configuration by code of its own, as the CLI does.
 *
 * @returns what they print
 */
export const runBotocore = async (
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> => {
  const { stdout } = await promisify(execFile)(PYTHON, ["-c", `import botocore.session\n${script}`], {
    env: { PATH: process.env["PATH"], ...environment },
  });
  return stdout.trim();
};
