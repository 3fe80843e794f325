/** The entry of `FunctionProcess`: hands each message of its parent to the real handler, and its answer back. */
import { handler } from "../../../../handler/entries/index.ts";

const aheadMs = Number(process.env["CLOCK_AHEAD_MS"]);
const RightDate = Date;

/** A clock that is wrong, for all that runs in this process. */
class WrongDate extends RightDate {
  constructor(...args: readonly [] | readonly [number | string | Date]) {
    super(args[0] ?? RightDate.now() + aheadMs);
  }

  static override now(): number {
    return RightDate.now() + aheadMs;
  }
}

if (aheadMs !== 0) Object.defineProperty(globalThis, "Date", { value: WrongDate });

process.on("message", async ({ id, event, timeoutMs }: { id: number; event: unknown; timeoutMs: number }) => {
  const end = Date.now() + timeoutMs;
  const context = {
    awsRequestId: `request-${id}`,
    callbackWaitsForEmptyEventLoop: false,
    functionName: "processor",
    functionVersion: "1",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:processor",
    memoryLimitInMB: "1769",
    logGroupName: "none",
    logStreamName: "none",
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
  try {
    process.send?.({ id, ...(await handler(event, context)) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
