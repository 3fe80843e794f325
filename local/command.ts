import { LocalError } from "./errors.ts";

/** Runs a command; what its user can put right is shown as a sentence, anything else is a bug and shown as one. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(error instanceof LocalError ? error.message : error);
    process.exitCode = 1;
  }
};
