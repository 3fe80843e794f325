import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { AssetRecord } from "../handler/core/asset-record.ts";
import { PERMANENT_CODES } from "../handler/core/errors.ts";
import { whatToDo } from "../handler/core/notice.ts";
import { type DeadLetter, peekDeadLetters } from "./dead-letters.ts";
import { parseLogLine } from "./log-line.ts";
import { searchAll } from "./search.ts";
import type { Target } from "./target.ts";

/** An original that no further try can process, as it is. */
export type Failure = {
  readonly key: string;
  readonly uploadTime: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly whatToDo: string;
};

/** A dead letter, and what the function logged when it failed. */
export type DeadUpload = DeadLetter & { readonly errors: readonly string[] };

export type Failures = {
  readonly failed: readonly Failure[];
  readonly deadLetters: readonly DeadUpload[];
};

export type FailuresOptions = {
  /** Begins the key. */
  readonly prefix?: string;
  readonly reasonCode?: string;
  /** Of each kind at most. @default 100 */
  readonly limit?: number;
};

const failureOf = ({ ImageKey, UploadTime, ReasonCode = "UNKNOWN", Reason = "" }: AssetRecord): Failure => {
  const code = PERMANENT_CODES.find((known) => known === ReasonCode);
  return {
    key: ImageKey,
    uploadTime: UploadTime,
    reasonCode: ReasonCode,
    reason: Reason,
    whatToDo: code === undefined ? "Upload it again." : whatToDo(code),
  };
};

/** What a log line says of one message's failure: the pipeline's own sentence, and AWS's behind it. */
const errorOf = (line: string, messageId: string): readonly string[] => {
  const found = parseLogLine(line);
  if (found?.messageId !== messageId || found.level !== "ERROR" || found.error === undefined) return [];
  const { code, message, cause } = found.error;
  const own = code === undefined ? message : `${code}: ${message}`;
  return [cause === undefined ? own : `${own} (${cause.name}: ${cause.message})`];
};

/** The errors that the function logged about a message, the same one once. */
const errorsAbout = async ({ logs, outputs }: Target, messageId: string): Promise<readonly string[]> => {
  const errors = new Set<string>();
  const pages = paginateFilterLogEvents(
    { client: logs },
    { logGroupName: outputs.logGroupName, filterPattern: `"${messageId}"` },
  );
  for await (const { events = [] } of pages) {
    for (const { message = "" } of events) {
      for (const error of errorOf(message, messageId)) errors.add(error);
    }
  }
  return [...errors];
};

/** What failed and why: records with a reason, the newest first, and dead letters with what the function logged. */
export const readFailures = async (
  target: Target,
  { prefix = "", reasonCode, limit = 100 }: FailuresOptions = {},
): Promise<Failures> => {
  const failed: Failure[] = [];
  const criteria = { state: "FAILED", ...(prefix === "" ? {} : { prefix }) } as const;
  for await (const { record } of searchAll(target, criteria)) {
    if (reasonCode !== undefined && record.ReasonCode !== reasonCode) continue;
    failed.push(failureOf(record));
    if (failed.length === limit) break;
  }
  const letters = await peekDeadLetters(target, limit);
  const about = letters.filter(({ keys }) => prefix === "" || keys.some((key) => key.startsWith(prefix)));
  const deadLetters: DeadUpload[] = [];
  for (const letter of reasonCode === undefined ? about : []) {
    deadLetters.push({ ...letter, errors: await errorsAbout(target, letter.messageId) });
  }
  return { failed, deadLetters };
};
