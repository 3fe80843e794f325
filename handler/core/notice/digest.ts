import * as z from "zod";
import { sizeText } from "../byte-size.ts";
import { PipelineError } from "../errors.ts";
import type { DigestPlaces } from "../settings/notice-places.ts";
import { type DigestTally, type FailureTally, LISTED_KEYS } from "./digest-tally.ts";
import { quotedKey } from "./mailed-text.ts";
import { whatToDo } from "./notice.ts";
import {
  fits,
  linkToOriginal,
  linkToRenditions,
  type Notice,
  numberAttribute,
  saving,
  stringAttribute,
  textOf,
} from "./text.ts";

/** Time that a digest covers: `from` belongs to it, `to` to the next one. */
export type DigestPeriod = { readonly from: Date; readonly to: Date };

const digestEvent = z.object({ scheduledTime: z.iso.datetime() });

/**
 * Reads when a digest was due: its period ends then, however late it is made.
 * @throws PipelineError MALFORMED_MESSAGE (retryable)
 */
export const dueTime = (event: unknown): Date => {
  const parsed = digestEvent.safeParse(event);
  if (parsed.success) return new Date(parsed.data.scheduledTime);
  throw new PipelineError(
    "MALFORMED_MESSAGE",
    'Expected {"scheduledTime": "..."}, the time in UTC at which a digest is due, such as 2026-11-25T08:00:00Z.',
  );
};

const counted = (count: number): string => count.toLocaleString("en");

/** `2026-11-25 08:00 UTC`. */
const timeText = (time: Date, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
};

const failureLines = (
  { code, count, keys }: FailureTally,
  listed: number,
  places: DigestPlaces,
): readonly string[] => {
  const shown = keys.slice(0, listed);
  const left = count - shown.length;
  return [
    "",
    `${code}: ${counted(count)}`,
    whatToDo(code),
    ...shown.flatMap((key) => [
      "",
      quotedKey(key),
      linkToOriginal({ bucket: places.sourceBucket, key }, places),
    ]),
    ...(left === 0 ? [] : ["", `and ${counted(left)} more; npm run failures lists them all.`]),
  ];
};

const bodyWith = (
  listed: number,
  tally: DigestTally,
  { from, to }: DigestPeriod,
  due: Date,
  places: DigestPlaces,
): string => {
  const { processed, failed, deleted, bytesIn, bytesOut, failures } = tally;
  const time = (moment: Date): string => timeText(moment, places.timeZone);
  return textOf([
    `From ${time(from)} to ${time(to)}`,
    "",
    `Processed: ${counted(processed)}`,
    ...(processed === 0
      ? []
      : [
          `${sizeText(bytesIn)} of originals, ${sizeText(bytesOut)} of renditions, ${saving(bytesIn, bytesOut)}`,
          linkToRenditions(places),
        ]),
    "",
    `Not processed: ${counted(failed)}`,
    "",
    `Deleted: ${counted(deleted)}`,
    ...(to < due
      ? ["", `There was no time to read what came until ${time(due)}: the next digest tells it.`]
      : []),
    ...(failures.length === 0 ? [] : ["", "Why, and what to do"]),
    ...failures.flatMap((failure) => failureLines(failure, listed, places)),
  ]);
};

/**
 * Writes the digest of a period, or nothing where nothing happened.
 * @param due when the digest was to end; later than its period where there was no time for all of it
 */
export const digestFor = (
  tally: DigestTally,
  period: DigestPeriod,
  due: Date,
  places: DigestPlaces,
): Notice | undefined => {
  const { processed, failed, deleted } = tally;
  if (processed + failed + deleted === 0) return undefined;
  let body = bodyWith(LISTED_KEYS, tally, period, due, places);
  for (let listed = LISTED_KEYS - 1; listed >= 0 && !fits(body); listed -= 1) {
    body = bodyWith(listed, tally, period, due, places);
  }
  return {
    subject: `Image Digest: ${counted(processed)} processed, ${counted(failed)} not`,
    body,
    attributes: {
      state: stringAttribute("DIGEST"),
      processed: numberAttribute(processed),
      failed: numberAttribute(failed),
      deleted: numberAttribute(deleted),
    },
  };
};
