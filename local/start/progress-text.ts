import { sizeText } from "../../handler/core/byte-size.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { durationText } from "../../operator/duration-text.ts";
import type { LoggedError } from "../../operator/health/log-line.ts";
import type { Progress } from "../../operator/uploads/follow.ts";

/** Renditions by spec: `medium  800 x 533  webp 4.1 KiB, jpeg 7.9 KiB`. */
const renditionLines = ({ Renditions = [] }: AssetRecord): string[] => {
  const names = [...new Set(Renditions.map(({ Name }) => Name))];
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => {
    const ofName = Renditions.filter(({ Name }) => Name === name);
    const [first] = ofName;
    const files = ofName.map(({ Format, SizeBytes }) => `${Format} ${sizeText(SizeBytes)}`).join(", ");
    return `  ${name.padEnd(width)}  ${`${first?.Width} x ${first?.Height}`.padEnd(11)}  ${files}`;
  });
};

const causeText = (error: LoggedError | undefined): string =>
  error === undefined
    ? "it is not told why"
    : `${error.code ?? error.name}: ${error.message}${error.cause === undefined ? "" : ` (${error.cause.name}: ${error.cause.message})`}`;

/**
 * What happens to an upload in words; lines after the first are details.
 * @param isDigested notices come in a digest
 */
export const progressText = (progress: Progress, isDigested = false): string[] => {
  switch (progress.kind) {
    case "received":
      return [`received, ${sizeText(progress.record.SizeBytes)}`];
    case "processed": {
      const { Renditions = [], Format = "", Width, Height, DurationMs = 0 } = progress.record;
      return [
        `${Renditions.length} renditions of a ${Width} x ${Height} ${Format.toUpperCase()} in ${durationText(DurationMs)}, recorded`,
        ...renditionLines(progress.record),
      ];
    }
    case "failed":
      return [`FAILED, recorded: ${progress.record.ReasonCode}`, `  ${progress.record.Reason}`];
    case "mailed":
      return [isDigested ? "entered for the next digest" : "mailed"];
    case "given-back": {
      const { line, retry } = progress;
      const isLast = (line.delivery ?? 0) >= retry.maxReceiveCount;
      const next = isLast ? "" : `, the next is in ${durationText(retry.visibilityTimeoutSeconds * 1000)}`;
      return [
        `try ${line.delivery ?? "?"} of ${retry.maxReceiveCount} failed${next}`,
        `  ${causeText(line.error)}`,
      ];
    }
    case "dead":
      return ["given up: its message goes to the dead-letter queue"];
    case "deleted":
      return ["deleted: its original is gone"];
    case "replaced":
      return ["replaced or deleted before it was processed"];
    default:
      return progress satisfies never;
  }
};
