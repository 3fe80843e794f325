import { PERMANENT_CODES } from "../../handler/core/errors.ts";
import { type Failures, readFailures } from "../health/failures.ts";
import { say, sayJson } from "../output.ts";
import { defined, oneOf, operatorCommand, runOperatorCommand, wholeNumber } from "./options.ts";

export const failuresLines = ({ failed, unfinished, deadLetters }: Failures): readonly string[] => {
  const failedLines = failed.flatMap(({ key, uploadTime, reasonCode, reason, whatToDo }) => [
    `${key}  uploaded ${uploadTime}`,
    `  ${reasonCode}: ${reason}`,
    `  What to do: ${whatToDo}`,
  ]);
  const unfinishedLines = unfinished.flatMap(({ key, uploadTime, attempts, errorCode, error, triedAt }) => [
    `${key}  uploaded ${uploadTime}`,
    `  ${attempts === 1 ? "1 try" : `${attempts} tries`}, the last at ${triedAt}: ${errorCode}: ${error}`,
  ]);
  const deadLines = deadLetters.flatMap(({ keys, sentAt, errors, messageId }) => [
    `${keys.length === 0 ? `message ${messageId}, which can't be read` : keys.join(", ")}  sent ${sentAt ?? "at an unknown time"}`,
    ...(errors.length === 0
      ? ["  The function's log says nothing about it any more."]
      : errors.map((error) => `  ${error}`)),
  ]);
  return [
    failed.length === 0 ? "No original has failed." : `Failed for good, the newest first: ${failed.length}`,
    ...failedLines,
    "",
    ...(unfinished.length === 0
      ? []
      : [
          `Not done yet, whose last try failed: ${unfinished.length}. They are tried again, or are among the dead letters.`,
          ...unfinishedLines,
          "",
        ]),
    deadLetters.length === 0
      ? "There are no dead letters."
      : `Dead letters, which failed at every try: ${deadLetters.length}. Mend the cause, then \`npm run redrive\`.`,
    ...deadLines,
  ];
};

export const failuresCommand = operatorCommand({
  usage: `npm run failures -- [--prefix KEY] [--reason CODE] [--limit N] [--stack NAME] [--json]
Lists what failed and why: originals that no further try can process, those whose last try failed, and dead letters with
what the function logged.

  --prefix KEY   only keys that begin so
  --reason CODE  only failures with this reason code
  --limit N      of each kind at most; by default 100`,
  options: {
    prefix: { type: "string" },
    reason: { type: "string" },
    limit: { type: "string" },
  },
  run: async (target, { prefix, reason, limit, json }) => {
    const failures = await readFailures(
      target,
      defined({
        prefix,
        reasonCode: oneOf("reason", reason, PERMANENT_CODES),
        limit: wholeNumber("limit", limit, 1),
      }),
    );
    if (json) sayJson(failures);
    else say(...failuresLines(failures));
    return 0;
  },
});

if (import.meta.main) await runOperatorCommand(failuresCommand);
