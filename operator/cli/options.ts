import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { plain } from "../../handler/core/strangers-text.ts";
import { optionsOrUsage, runCommand } from "../command.ts";
import { OperatorError } from "../errors.ts";
import { sayUsage } from "../output.ts";
import { findTarget, type Target } from "../target.ts";

/** What every command understands. */
const COMMON = {
  stack: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const satisfies ParseArgsOptionsConfig;

const COMMON_USAGE = `
  --stack NAME   the stack in AWS, with your AWS credentials; without it, the pipeline that \`npm start\` runs here
  --json         print JSON for programs
  --help         print this`;

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options & typeof COMMON; allowPositionals: boolean }>
>;

/** A command of an operator: its usage, its own options, and what it does; it resolves to the exit code. */
export type OperatorCommand<Options extends ParseArgsOptionsConfig> = {
  readonly usage: string;
  readonly options: Options;
  /** Whether it takes words besides options. @default false */
  readonly takesWords?: boolean;
  readonly run: (
    target: Target,
    values: Values<Options>["values"],
    words: readonly string[],
  ) => Promise<number>;
};

/** A command with its options' types. */
export const operatorCommand = <Options extends ParseArgsOptionsConfig>(
  command: OperatorCommand<Options>,
): OperatorCommand<Options> => command;

/**
 * Runs a command of the command line.
 *
 * @param find gives the target that the command works on. @default the stack that it names, or what runs here
 */
export const runOperatorCommand = <Options extends ParseArgsOptionsConfig>(
  { usage, options, takesWords = false, run }: OperatorCommand<Options>,
  find: (stack: string | undefined) => Promise<Target> = findTarget,
): Promise<void> => {
  const whole = `${usage}${COMMON_USAGE}`;
  return runCommand(async () => {
    const { values, positionals } = optionsOrUsage(whole, () =>
      parseArgs({
        args: process.argv.slice(2),
        options: { ...options, ...COMMON },
        allowPositionals: takesWords,
      }),
    );
    const { help, stack } = optionsOrUsage(
      whole,
      () => parseArgs({ args: process.argv.slice(2), options: COMMON, strict: false }).values,
    );
    if (help === true) {
      sayUsage(whole);
      return 0;
    }
    const target = await find(typeof stack === "string" ? stack : undefined);
    try {
      return await run(target, values, positionals);
    } finally {
      target.close();
    }
  });
};

/** A number that an option gives. @throws {OperatorError} unless it is a whole one of at least `minimum` */
export const wholeNumber = (
  option: string,
  text: string | undefined,
  minimum: number,
): number | undefined => {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < minimum || !Number.isSafeInteger(number)) {
    throw new OperatorError(`--${option} ${plain(text)}: expected a whole number of at least ${minimum}.`);
  }
  return number;
};

/** Something short that an option chooses from a list. @throws {OperatorError} naming the list */
export const oneOf = <Choice extends string>(
  option: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined => {
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (found === undefined)
    throw new OperatorError(`--${option} ${plain(text)}: expected one of ${choices.join(", ")}.`);
  return found;
};

/**
 * A time that an option gives: a date, its beginning or end in UTC, or a date and time with its zone.
 *
 * @throws {OperatorError} when it is neither
 */
export const timeOption = (
  option: string,
  text: string | undefined,
  edge: "begin" | "end",
): string | undefined => {
  if (text === undefined) return undefined;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = Date.parse(isDate ? `${text}T${edge === "begin" ? "00:00:00.000" : "23:59:59.999"}Z` : text);
  const hasZone = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text);
  if (Number.isNaN(time) || !(isDate || hasZone)) {
    throw new OperatorError(
      `--${option} ${plain(text)}: expected a date such as 2026-11-25, or a date and time such as 2026-11-25T14:30:00Z.`,
    );
  }
  return new Date(time).toISOString();
};

/** What is left of an object when what is undefined is taken out, as exact optional properties want it. */
export const defined = <Shape extends Readonly<Record<string, unknown>>>(
  shape: Shape,
): { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> } => {
  const result: { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> } = {};
  for (const key in shape) {
    const value = shape[key];
    if (value !== undefined) Object.assign(result, { [key]: value });
  }
  return result;
};
