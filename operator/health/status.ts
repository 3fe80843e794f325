import { DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionConfigurationCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { ASSET_INDEXES, ASSET_STATES, type AssetState, partsOf } from "../../handler/core/record/index.ts";
import { countEntries, entries, type Library } from "../library/library.ts";
import { type QueueDepth, queueDepth } from "../queue/queues.ts";
import type { Target } from "../target.ts";

export type Status = {
  /** Whether it works, and if not, what comes first to be done. */
  readonly verdict: Verdict;
  /** Records by state, every state of `ASSET_STATES`. */
  readonly records: Readonly<Record<string, number>>;
  /** Records that failed, by reason code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly queue: QueueDepth;
  readonly deadLetters: QueueDepth;
  /** Age in seconds of the oldest message of the ingest queue, by CloudWatch; `undefined` where it has no figure. */
  readonly oldestMessageSeconds: number | undefined;
  /** Age in seconds of the oldest upload that has a record and no outcome. */
  readonly oldestReceivedSeconds: number | undefined;
  /** Whether the function takes uploads from the queue, and why not. */
  readonly intake: Intake;
  /** Names of alarms that are raised. */
  readonly alarms: readonly string[];
  /** E-mail subscriptions that wait for somebody to click AWS's link. */
  readonly unconfirmedSubscriptions: number;
};

export type Verdict = {
  readonly state: "working" | "behind" | "not working";
  /** One line for people. */
  readonly line: string;
};

export type Intake = { readonly isOpen: boolean; readonly reason: string | undefined };

/** An upload that waits longer than this is behind: a healthy queue is empty within seconds. */
const BEHIND_SECONDS = 300;

const countsByState = async (library: Library): Promise<Readonly<Record<string, number>>> => {
  const count = (state: AssetState) =>
    countEntries(library, { index: ASSET_INDEXES.byState, parts: partsOf(state) });
  const counts = await Promise.all(ASSET_STATES.map(async (state) => [state, await count(state)] as const));
  return Object.fromEntries(counts);
};

const failuresByReason = async (library: Library): Promise<Record<string, number>> => {
  const reasons = new Map<string, number>();
  const failed = { index: ASSET_INDEXES.byState, parts: partsOf("FAILED") };
  for await (const { entry } of entries(library, failed)) {
    const reason = entry.ReasonCode ?? "UNKNOWN";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a));
};

const secondsSince = (time: string, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1000));

const oldestReceived = async (library: Library, now: Date): Promise<number | undefined> => {
  const received = { index: ASSET_INDEXES.byState, parts: partsOf("RECEIVED") };
  for await (const { entry } of entries(library, received)) {
    return entry.UploadTime === undefined ? undefined : secondsSince(entry.UploadTime, now);
  }
  return undefined;
};

/** CloudWatch measures it once a minute, and for a queue that nobody used for six hours not at all. */
const oldestMessage = async ({ cloudwatch, outputs }: Target, now: Date): Promise<number | undefined> => {
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - 10 * 60_000),
      EndTime: now,
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "oldest",
          MetricStat: {
            Metric: {
              Namespace: "AWS/SQS",
              MetricName: "ApproximateAgeOfOldestMessage",
              Dimensions: [{ Name: "QueueName", Value: outputs.queueUrl.split("/").at(-1) }],
            },
            Period: 60,
            Stat: "Maximum",
          },
        },
      ],
    }),
  );
  return MetricDataResults[0]?.Values?.[0];
};

const intake = async ({ lambda, outputs: { functionName } }: Target): Promise<Intake> => {
  const [{ State, StateReason }, { EventSourceMappings = [] }] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName: functionName })),
  ]);
  if (State === "Failed") return { isOpen: false, reason: `the function can't run: ${StateReason}` };
  const mapping = EventSourceMappings[0];
  if (mapping === undefined) return { isOpen: false, reason: "the function has no event source mapping" };
  return ["Enabled", "Enabling", "Creating", "Updating"].includes(mapping.State ?? "")
    ? { isOpen: true, reason: undefined }
    : {
        isOpen: false,
        reason: `the event source mapping ${mapping.UUID} is ${mapping.State?.toLowerCase()}`,
      };
};

/** The stack's alarms are named as its function is, but for the last word (infra/naming.ts). */
const raisedAlarms = async ({ cloudwatch, outputs }: Target): Promise<readonly string[]> => {
  const { MetricAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({
      AlarmNamePrefix: outputs.functionName.replace(/processor$/, ""),
      StateValue: "ALARM",
    }),
  );
  return MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []);
};

const unconfirmed = async ({ sns, outputs: { topicArn } }: Target): Promise<number> => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  return Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === "PendingConfirmation").length;
};

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** The answer to "is it working?": what comes first to be done, or that all is well. */
export const verdictOf = (facts: Omit<Status, "verdict">): Verdict => {
  const { records, queue, deadLetters, oldestMessageSeconds = 0, oldestReceivedSeconds = 0 } = facts;
  const dead = deadLetters.waiting + deadLetters.inFlight;
  const waits = queue.waiting + queue.inFlight;
  if (!facts.intake.isOpen) {
    return {
      state: "not working",
      line: `Not working: uploads are not taken, since ${facts.intake.reason}.`,
    };
  }
  if (dead > 0) {
    const what = counted(
      dead,
      "upload failed at every try and is a dead letter",
      "uploads failed at every try and are dead letters",
    );
    return {
      state: "not working",
      line: `Not working: ${what}. See \`npm run failures\`, mend the cause, then \`npm run redrive\`.`,
    };
  }
  const oldest = Math.max(oldestMessageSeconds, waits > 0 ? oldestReceivedSeconds : 0);
  if (oldest > BEHIND_SECONDS) {
    return {
      state: "behind",
      line: `Behind: ${counted(waits, "upload waits", "uploads wait")}, the oldest for ${Math.round(oldest / 60)} minutes.`,
    };
  }
  const done = `${(records["PROCESSED"] ?? 0).toLocaleString("en")} processed, ${(records["FAILED"] ?? 0).toLocaleString("en")} failed`;
  const left = waits === 0 ? "nothing waits" : `${counted(waits, "upload")} in work`;
  return { state: "working", line: `Working: ${done}, ${left}.` };
};

/** How the pipeline is. Counts come from the table's index by state and from SQS: a moment old, and never a scan. */
export const readStatus = async (target: Target, now = new Date()): Promise<Status> => {
  const [
    records,
    failures,
    queue,
    deadLetters,
    oldestMessageSeconds,
    oldestReceivedSeconds,
    open,
    alarms,
    pending,
  ] = await Promise.all([
    countsByState(target),
    failuresByReason(target),
    queueDepth(target, target.outputs.queueUrl),
    queueDepth(target, target.outputs.deadLetterQueueUrl),
    oldestMessage(target, now),
    oldestReceived(target, now),
    intake(target),
    raisedAlarms(target),
    unconfirmed(target),
  ]);
  const facts = {
    records,
    failures,
    queue,
    deadLetters,
    oldestMessageSeconds,
    oldestReceivedSeconds,
    intake: open,
    alarms,
    unconfirmedSubscriptions: pending,
  };
  return { verdict: verdictOf(facts), ...facts };
};
