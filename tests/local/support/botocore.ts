import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PYTHON } from "../../../local/emulator/emulator.ts";

/**
 * Runs Python lines with botocore, the core of the AWS CLI, which the emulator brings: it signs, and finds its
 * configuration, as the CLI does.
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
