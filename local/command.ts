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

/** Reads a command's options; wrong ones are answered with its usage. @throws {LocalError} */
export const optionsOrUsage = <Options>(usage: string, parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    throw new LocalError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};
