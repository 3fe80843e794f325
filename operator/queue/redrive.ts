import * as timers from "node:timers/promises";
import {
  DeleteMessageCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { plain } from "../../handler/core/strangers-text.ts";
import { asSender, NAME_OPERATORS, OperatorError } from "../errors.ts";
import type { Target } from "../target.ts";
import { queueDepth } from "./queues.ts";
import { atRate } from "./rate.ts";

export type RedriveOptions = {
  /** Messages a second, 1 to 500. @default as fast as SQS moves them */
  readonly rate?: number;
  /** Count, and move nothing. @default false */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void;
  /** Milliseconds between two looks at a move that SQS makes. @default 1000 */
  readonly pollMs?: number;
};

export type Redriven = {
  /** Dead letters that there were. */
  readonly found: number;
  /** Dead letters that are back in the ingest queue. */
  readonly moved: number;
  /** Who moved them: SQS itself, or this program where the endpoint has no such call. */
  readonly by: "SQS" | "this program" | "nobody";
};

type Queues = Pick<Target, "sqs" | "outputs">;

/** What endpoints without the call answer: AWS's names, and the HTTP ones of emulators. */
const UNKNOWN_CALL = [
  "InvalidAction",
  "UnknownOperation",
  "UnknownOperationException",
  "AWS.SimpleQueueService.UnsupportedOperation",
  "UnsupportedOperation",
  "NotImplemented",
];

const isUnknownCall = (error: unknown): boolean =>
  error instanceof Error && UNKNOWN_CALL.includes(error.name);

/** Starts SQS's own move, back to where the messages came from; `undefined` when the endpoint knows no such call. */
const startMove = async (
  { sqs }: Queues,
  arn: string,
  rate: number | undefined,
): Promise<string | undefined> => {
  try {
    const { TaskHandle } = await asSender(
      sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: arn,
          ...(rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: rate }),
        }),
      ),
    );
    return TaskHandle ?? "";
  } catch (error) {
    if (isUnknownCall(error)) return undefined;
    throw error;
  }
};

/** Waits for SQS's move. The list has the last ten, the newest first. */
const followMove = async (
  { sqs }: Queues,
  arn: string,
  found: number,
  { onProgress, pollMs = 1000 }: RedriveOptions,
): Promise<number> => {
  for (;;) {
    const { Results = [] } = await sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }),
    );
    const [task] = Results;
    const moved = Number(task?.ApproximateNumberOfMessagesMoved ?? 0);
    onProgress?.({ done: moved, of: Math.max(found, Number(task?.ApproximateNumberOfMessagesToMove ?? 0)) });
    if (task?.Status === "COMPLETED" || task === undefined) return moved;
    if (task.Status !== "RUNNING") {
      throw new OperatorError(
        `SQS moved ${moved} of ${found} dead letters and stopped: ${plain(task.FailureReason ?? task.Status ?? "")}. ` +
          "Whoever redrives needs sqs:ReceiveMessage and sqs:DeleteMessage on the dead-letter queue, sqs:SendMessage on " +
          `the ingest queue, and kms:Decrypt and kms:GenerateDataKey on the stack's key. ${NAME_OPERATORS}`,
      );
    }
    await timers.setTimeout(pollMs);
  }
};

/** Seconds a message stays hidden while it is moved. */
const MOVE_SECONDS = 60;

/** Receives of a second each that may bring nothing: whoever looks at dead letters hides them for about as long. */
const MOST_EMPTY_RECEIVES = 5;

/** Sends first and deletes then: an end between the two leaves a message twice, which the function bears, never none. */
const moveOne = async ({ sqs, outputs }: Queues, message: Message): Promise<void> => {
  await asSender(
    sqs.send(
      new SendMessageCommand({
        QueueUrl: outputs.queueUrl,
        MessageBody: message.Body,
        MessageAttributes: message.MessageAttributes,
      }),
    ),
  );
  await sqs.send(
    new DeleteMessageCommand({ QueueUrl: outputs.deadLetterQueueUrl, ReceiptHandle: message.ReceiptHandle }),
  );
};

const moveHere = async (queues: Queues, found: number, options: RedriveOptions): Promise<number> => {
  const turn = atRate(options.rate);
  let moved = 0;
  let emptyReceives = 0;
  // No more than there were: what fails again meanwhile would go round and round.
  while (moved < found && emptyReceives < MOST_EMPTY_RECEIVES) {
    const { Messages = [] } = await queues.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queues.outputs.deadLetterQueueUrl,
        MaxNumberOfMessages: Math.min(10, found - moved),
        VisibilityTimeout: MOVE_SECONDS,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
      }),
    );
    emptyReceives = Messages.length === 0 ? emptyReceives + 1 : 0;
    for (const message of Messages) {
      await turn(1);
      await moveOne(queues, message);
      moved += 1;
      options.onProgress?.({ done: moved, of: found });
    }
  }
  return moved;
};

/**
 * Brings dead letters back to the ingest queue, after the cause is mended: each has all its tries again.
 *
 * @throws {OperatorError} when SQS stops before all are moved, or the rate is none that SQS knows.
 */
export const redrive = async (target: Queues, options: RedriveOptions = {}): Promise<Redriven> => {
  const { rate, dryRun = false } = options;
  if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 500)) {
    throw new OperatorError(`Expected a rate of 1 to 500 messages a second, got ${rate}.`);
  }
  const { arn, waiting, inFlight } = await queueDepth(target, target.outputs.deadLetterQueueUrl);
  // Nothing works on dead letters: those in flight are being looked at.
  const found = waiting + inFlight;
  if (found === 0 || dryRun) return { found, moved: 0, by: "nobody" };
  const handle = await startMove(target, arn, rate);
  return handle === undefined
    ? { found, moved: await moveHere(target, found, options), by: "this program" }
    : { found, moved: await followMove(target, arn, found, options), by: "SQS" };
};
