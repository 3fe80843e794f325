import { inspect } from "node:util";
import { plain, plainJson, plainLines } from "../handler/core/strangers-text.ts";

/*
 * The only way of the tools to the terminal (tests/architecture.test.ts): what they print may hold keys, reasons and
 * messages that strangers wrote.
 */

const joined = (lines: readonly string[]): string => lines.map(plain).join("\n");

/** Prints lines, each of them one line whatever is in it. */
export const say = (...lines: readonly string[]): void => console.log(joined(lines));

/** Prints lines on standard error, so that standard output stays clean. */
export const sayAside = (...lines: readonly string[]): void => console.error(joined(lines));

/** Prints how a command is used, a text of ours with line breaks. */
export const sayUsage = (usage: string): void => console.log(plainLines(usage));

/** Prints a value for programs; they read what it is, and the terminal is safe from it. */
export const sayJson = (value: unknown): void => console.log(plainJson(value));

/** Prints an error that its user can put right as its message, and any other as a fault of the program. */
export const sayError = (error: unknown, isForUser: boolean): void =>
  console.error(plainLines(isForUser && error instanceof Error ? error.message : inspect(error)));
