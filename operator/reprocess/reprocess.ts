import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { Upload } from "../../handler/core/events/s3-event.ts";
import { reprocessSequencer } from "../../handler/core/events/sequencer.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { recordedUpload } from "../../handler/core/record/record-owner.ts";
import { reprocessMessage, resetMessage } from "../../handler/core/reprocess/message.ts";
import { isToReprocess, type Selection } from "../../handler/core/reprocess/selection.ts";
import { plain } from "../../handler/core/strangers-text.ts";
import { asSender, OperatorError } from "../errors.ts";
import { inGroups, type Position } from "../library/library.ts";
import { searchAll } from "../library/search.ts";
import { atRate } from "../queue/rate.ts";
import type { Target } from "../target.ts";
import { missingOriginals } from "../verify/verify.ts";
import { type Estimate, NOTHING, type Part, withPart } from "./estimate.ts";
import { type FunctionSettings, functionSettings } from "./function-settings.ts";

/** Where a run stands: enough to go on after it was stopped. */
export type RunState = {
  /** When the run began, ISO 8601. An original is processed once in a run, however often its message is sent. */
  readonly run: string;
  readonly sent: number;
  readonly positions: Readonly<Record<string, Position>>;
};

export type ReprocessOptions = {
  /** Send notices of the new outcomes. @default false */
  readonly notify?: boolean;
  /** Messages a second. @default 50 */
  readonly rate?: number;
  /**
   * Has the order of each key's events begin anew, with what lies under it now, whatever its record claims.
   * @default false
   */
  readonly reset?: boolean;
  /** Goes on with a run that was stopped. */
  readonly resume?: RunState;
  /** Called after each batch of messages, to keep. */
  readonly onState?: (state: RunState) => void;
};

type Candidate = {
  readonly upload: Omit<Upload, "sequencer">;
  /** The record's; `undefined` when there is none. */
  readonly sequencer: string | undefined;
  readonly part: Part;
  readonly positions: Readonly<Record<string, Position>>;
};

const DEFAULT_RATE = 50;
/** What SQS takes in one call. */
const MESSAGES_AT_ONCE = 10;

const candidateOf = (record: AssetRecord, positions: Candidate["positions"]): Candidate => ({
  upload: recordedUpload(record),
  sequencer: record.Sequencer,
  part: { sizeBytes: record.SizeBytes, renditions: record.Renditions?.length, durationMs: record.DurationMs },
  positions,
});

/** @param isReset records in any state are meant: somebody's message may have put them into it */
async function* candidates(
  target: Target,
  settings: FunctionSettings,
  selection: Selection,
  after: Candidate["positions"],
  isReset = false,
): AsyncGenerator<Candidate> {
  const { specsChanged, missing = false, ...criteria } = selection;
  if (missing) {
    const { sourceBucket: bucket } = target.outputs;
    for await (const { key, original, record } of missingOriginals(target, criteria.prefix ?? "")) {
      const { sizeBytes, eTag, modifiedAt } = original;
      yield {
        upload: { bucket, key, sizeBytes, eTag, versionId: undefined, uploadTime: modifiedAt.toISOString() },
        sequencer: record?.Sequencer,
        part: { sizeBytes, renditions: undefined, durationMs: undefined },
        positions: {},
      };
    }
    return;
  }
  for await (const { record, positions } of searchAll(target, criteria, after)) {
    if (isReset || isToReprocess(record, selection, settings.specs)) {
      yield candidateOf(record, positions);
    }
  }
}

/**
 * Counts what a selection would process once more, and what that would cost. It changes nothing.
 *
 * @param most stops counting beyond so many. @default no limit
 */
export const estimateReprocess = async (
  target: Target,
  selection: Selection,
  { notify = false, reset = false }: Pick<ReprocessOptions, "notify" | "reset"> = {},
  most = Number.POSITIVE_INFINITY,
): Promise<Estimate> => {
  const settings = await functionSettings(target);
  let estimate = NOTHING;
  for await (const { part } of candidates(target, settings, selection, {}, reset)) {
    estimate = withPart(estimate, part, settings, notify);
    if (estimate.originals > most) break;
  }
  return estimate;
};

const send = async ({ sqs, outputs }: Target, bodies: readonly string[]): Promise<void> => {
  let left = bodies.map((body, index) => ({ Id: String(index), MessageBody: body }));
  for (let tries = 0; left.length > 0; tries += 1) {
    const { Failed = [] } = await asSender(
      sqs.send(new SendMessageBatchCommand({ QueueUrl: outputs.queueUrl, Entries: left })),
    );
    const failed = new Map(Failed.map((each) => [each.Id, each]));
    const [first] = Failed;
    if (first !== undefined && (first.SenderFault === true || tries === 4)) {
      throw new OperatorError(
        `SQS took only ${left.length - failed.size} of ${left.length} messages: ${first.Code}: ${plain(first.Message ?? "")}`,
      );
    }
    left = left.filter(({ Id }) => failed.has(Id));
  }
};

/**
 * Has originals processed once more, by a message each in the ingest queue. Each is taken in the version that its
 * record has; one that is replaced meanwhile is processed as the replacement alone. With `reset` it is taken as it lies
 * in the source bucket. A message that comes twice is worked on once.
 *
 * @returns how many messages this run has sent, those before a resume included
 */
export const reprocess = async (
  target: Target,
  selection: Selection,
  { notify = false, reset = false, rate = DEFAULT_RATE, resume, onState }: ReprocessOptions = {},
  now = new Date(),
): Promise<number> => {
  const settings = await functionSettings(target);
  const startedAt = resume === undefined ? now : new Date(resume.run);
  const turn = atRate(rate);
  let sent = resume?.sent ?? 0;
  const found = candidates(target, settings, selection, resume?.positions ?? {}, reset);
  const silence = notify ? {} : { isQuiet: true as const };
  const bodyOf = ({ upload, sequencer }: Candidate): string =>
    reset
      ? resetMessage({
          bucket: upload.bucket,
          key: upload.key,
          resetAt: startedAt.toISOString(),
          ...silence,
        })
      : reprocessMessage({
          ...upload,
          sequencer: reprocessSequencer(sequencer, startedAt),
          ...silence,
        });
  for await (const group of inGroups(found, MESSAGES_AT_ONCE)) {
    await turn(group.length);
    await send(target, group.map(bodyOf));
    sent += group.length;
    onState?.({ run: startedAt.toISOString(), sent, positions: group.at(-1)?.positions ?? {} });
  }
  return sent;
};
