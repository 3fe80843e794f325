import { z } from "zod";
import { plain, plainLines } from "../../handler/core/strangers-text.ts";

const loggedError: z.ZodType<LoggedError> = z.lazy(() =>
  z.object({
    name: z.string(),
    message: z.string(),
    code: z.string().optional(),
    cause: loggedError.optional().catch(undefined),
  }),
);

export type LoggedError = {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly cause?: LoggedError | undefined;
};

/** A line of the function's log, of which it has more fields. */
const logLine = z.looseObject({
  level: z.string(),
  message: z.string(),
  timestamp: z.string(),
  messageId: z.string().optional(),
  /** 1 when the message came for the first time. */
  delivery: z.int().optional(),
  imageKey: z.string().optional(),
  error: loggedError.optional(),
});
export type LogLine = z.output<typeof logLine>;

/** A line that the handler wrote, or `undefined` for one of the runtime, of the metrics, or of no JSON at all. */
export const parseLogLine = (text: string): LogLine | undefined => {
  try {
    return logLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * The lines about an original. A line that gives a message back names the message, and the original only in what
 * went wrong.
 */
export const linesAbout = (lines: readonly LogLine[], originalKey: string): LogLine[] => {
  // As the function logs it.
  const loggedKey = plainLines(originalKey);
  const messageIds = new Set(
    lines.flatMap(({ imageKey, messageId }) =>
      imageKey === loggedKey && messageId !== undefined ? [messageId] : [],
    ),
  );
  return lines.filter(
    ({ imageKey, messageId, error }) =>
      imageKey === loggedKey ||
      (imageKey === undefined && messageId !== undefined && messageIds.has(messageId)) ||
      error?.message.includes(plain(originalKey)),
  );
};
