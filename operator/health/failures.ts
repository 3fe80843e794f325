import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { PERMANENT_CODES } from "../../handler/core/errors.ts";
import { whatToDo } from "../../handler/core/notice/notice.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import type { Criteria } from "../../handler/core/reprocess/selection.ts";
import { searchAll } from "../library/search.ts";
import { type DeadLetter, peekDeadLetters } from "../queue/dead-letters.ts";
import type { Target } from "../target.ts";
import { parseLogLine } from "./log-line.ts";

/** An original that no further try can process, as it is. */
export type Failure = {
  readonly key: string;
  readonly uploadTime: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly whatToDo: string;
};

/** An upload whose last try failed on what another one might not fail on: it is tried again, or is a dead letter. */
export type Unfinished = {
  readonly key: string;
  readonly uploadTime: string;
  readonly attempts: number;
  readonly errorCode: string;
  readonly error: string;
  readonly triedAt: string;
};

/** A dead letter, and what the function logged when it failed. */
export type DeadUpload = DeadLetter & { readonly errors: readonly string[] };

export type Failures = {
  readonly failed: readonly Failure[];
  readonly unfinished: readonly Unfinished[];
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

const unfinishedOf = (record: AssetRecord): readonly Unfinished[] => {
  const { ImageKey, UploadTime, Attempts, LastErrorCode, LastError = "", LastTriedAt = UploadTime } = record;
  return LastErrorCode === undefined
    ? []
    : [
        {
          key: ImageKey,
          uploadTime: UploadTime,
          attempts: Attempts,
          errorCode: LastErrorCode,
          error: LastError,
          triedAt: LastTriedAt,
        },
      ];
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

/** What is told of the records in a state, the newest upload first. */
const told = async <Item>(
  target: Target,
  criteria: Criteria,
  limit: number,
  itemsOf: (record: AssetRecord) => readonly Item[],
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const { record } of searchAll(target, criteria)) {
    items.push(...itemsOf(record));
    if (items.length >= limit) break;
  }
  return items;
};

/**
 * What failed and why: records with a reason, the newest first, those of uploads whose last try failed, and dead letters
 * with what the function logged.
 */
export const readFailures = async (
  target: Target,
  { prefix = "", reasonCode, limit = 100 }: FailuresOptions = {},
): Promise<Failures> => {
  const about = prefix === "" ? {} : { prefix };
  const isWanted = ({ ReasonCode }: AssetRecord): boolean =>
    reasonCode === undefined || ReasonCode === reasonCode;
  const failed = await told(target, { state: "FAILED", ...about }, limit, (record) =>
    isWanted(record) ? [failureOf(record)] : [],
  );
  // What may still end well has no reason code.
  if (reasonCode !== undefined) return { failed, unfinished: [], deadLetters: [] };
  const unfinished = await told(target, { state: "RECEIVED", ...about }, limit, unfinishedOf);
  const letters = await peekDeadLetters(target, limit);
  const deadLetters: DeadUpload[] = [];
  for (const letter of letters) {
    if (prefix !== "" && !letter.keys.some((key) => key.startsWith(prefix))) continue;
    deadLetters.push({ ...letter, errors: await errorsAbout(target, letter.messageId) });
  }
  return { failed, unfinished, deadLetters };
};
