import { asOperatorError, OperatorError } from "./errors.ts";

/** Runs a command; what its user can put right is shown as a sentence, anything else is a bug and shown as one. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    const shown = asOperatorError(error);
    console.error(shown instanceof OperatorError ? shown.message : shown);
    process.exitCode = 1;
  }
};

/** Reads a command's options; wrong ones are answered with its usage. @throws {OperatorError} */
export const optionsOrUsage = <Options>(usage: string, parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};
