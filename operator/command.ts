import { plain } from "../handler/core/strangers-text.ts";
import { asOperatorError, OperatorError } from "./errors.ts";
import { sayError } from "./output.ts";

/** Runs a command; what its user can put right is shown as a sentence, anything else is a bug and shown as one. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    const shown = asOperatorError(error);
    sayError(shown, shown instanceof OperatorError);
    process.exitCode = 1;
  }
};

/** Reads a command's options; wrong ones are answered with its usage. @throws {OperatorError} */
export const optionsOrUsage = <Options>(usage: string, parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    throw new OperatorError(`${plain(error instanceof Error ? error.message : String(error))}\n\n${usage}`);
  }
};
