import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { PipelineError } from "../core/errors.ts";
import type { Upload } from "../core/events/s3-event.ts";
import { mayComeAgain, placeOf, resetOf } from "../core/events/sequencer.ts";
import {
  type AssetAttributes,
  failedTryAttributes,
  outcomeAttributes,
  receivedAttributes,
  removedAttributes,
  resetAttributes,
} from "../core/record/asset.ts";
import { stateAttributes } from "../core/record/index.ts";
import { noTags, tagAttributes } from "../core/record/object-tags.ts";
import {
  holderOfRecord,
  isSameOriginal,
  isStale,
  type RecordHolder,
  restoredUpload,
} from "../core/record/record-owner.ts";
import { recordedFailure } from "../core/record/recorded-failure.ts";
import type { OnDelete } from "../core/settings/settings.ts";
import type { AssetLibrary, Receipt } from "../ports/library.ts";

/** Milliseconds: DynamoDB answers within tens of them, so a longer wait is better spent on another try. */
const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The function's DynamoDB client: three tries, with the SDK's standard back-off. */
export const dynamoDBClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

export type AssetTable = {
  readonly table: string;
  readonly destinationBucket: string;
  readonly onDelete: OnDelete;
  /** Names of the object tags that records keep. @default none */
  readonly recordTags?: readonly string[];
};

/** Sets what has a value and removes what has none. `State`, like many words, is reserved, so every name has a placeholder. */
const updating = (attributes: AssetAttributes, unlessSet: Readonly<Record<string, string>>) => {
  const names = Object.keys(attributes);
  const isSet = (name: string): boolean => attributes[name] !== undefined;
  const set = [
    ...names.filter(isSet).map((name) => `#${name} = :${name}`),
    ...Object.keys(unlessSet).map((name) => `${name} = if_not_exists(${name}, :${name})`),
  ];
  const remove = names.filter((name) => !isSet(name)).map((name) => `#${name}`);
  return {
    expression: [
      ...(set.length === 0 ? [] : [`SET ${set.join(", ")}`]),
      ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(", ")}`]),
    ].join(" "),
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(
      [
        ...names.filter(isSet).map((name) => [name, attributes[name]] as const),
        ...Object.entries(unlessSet),
      ].map(([name, value]) => [`:${name}`, value]),
    ),
  };
};

type Change = {
  readonly attributes: AssetAttributes;
  readonly condition: string;
  /** Added to the attribute's number. */
  readonly add?: Readonly<Record<string, number>>;
  /** Set where the record has no such attribute. */
  readonly unlessSet?: Readonly<Record<string, string>>;
  /** Values of the condition, besides the sequencer. */
  readonly conditionValues?: Readonly<Record<string, string>>;
};

/** Whose record it is: that of an upload or a removal, or of whatever it is of. */
type Event = { readonly key: string; readonly sequencer?: string };

const IS_NEW = "attribute_not_exists(Sequencer)";
const IS_OLDER = "Sequencer < :sequencer";
/** It can be repeated: whatever comes again cannot put the key before what S3 will tell of it next. */
const IS_AT_THE_SAME_PLACE = "(begins_with(Sequencer, :place) AND Sequencer < :sequencer)";
/** A later event of the same version has nothing to tell of one that is done. */
const IS_OLDER_AND_ANOTHER =
  "(Sequencer < :sequencer AND (attribute_not_exists(VersionId) OR VersionId <> :versionId OR attribute_not_exists(NotifiedAt)))";
const IS_SAME_VERSION_AND_DONE =
  "Sequencer <= :sequencer AND VersionId = :versionId AND attribute_exists(NotifiedAt)";
const IS_UNNOTIFIED = "Sequencer = :sequencer AND attribute_not_exists(NotifiedAt)";
const WAITS_FOR_A_RESTORE =
  "attribute_not_exists(DeletedAt) AND (attribute_not_exists(NotifiedAt) OR ReasonCode = :archived)";
const IS_THIS_EVENT = "Sequencer = :sequencer";
/** What it has is no outcome yet, or the same one. */
const HAS_NO_OTHER_OUTCOME = "(attribute_not_exists(ProcessedAt) OR #State = :State)";
/** The state that is set is the one that it has. */
const HAS_NO_OUTCOME = `${IS_THIS_EVENT} AND #State = :State`;
const IS_DELETED_BY_THIS_EVENT = "(Sequencer = :sequencer AND #State = :State)";

const updateInput = (
  table: string,
  { key, sequencer }: Event,
  { attributes, condition, add = {}, unlessSet = {}, conditionValues = {} }: Change,
): UpdateItemCommandInput => {
  const { expression, names, values } = updating(attributes, unlessSet);
  const additions = Object.keys(add).map((name) => `${name} :${name}`);
  return {
    TableName: table,
    Key: marshall({ ImageKey: key }),
    UpdateExpression: [expression, ...(additions.length === 0 ? [] : [`ADD ${additions.join(", ")}`])].join(
      " ",
    ),
    ConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall({
      ...values,
      ...Object.fromEntries(Object.entries(add).map(([name, value]) => [`:${name}`, value])),
      ...conditionValues,
      // DynamoDB refuses values that no expression names.
      ...(sequencer === undefined ? {} : { ":sequencer": sequencer }),
    }),
    ReturnValues: "ALL_OLD",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
};

type Updated = { readonly isMet: boolean; readonly before: UpdateItemCommandOutput["Attributes"] };

const currentRecord = <Outcome extends string>(
  outcome: Outcome,
  { sequencer, renditionKeys }: RecordHolder,
) => ({
  outcome,
  bySequencer: sequencer,
  listedKeys: renditionKeys,
});

/** What something that comes again must find in the record. */
const comingAgain = (sequencer: string): Pick<Change, "condition" | "conditionValues"> => ({
  condition: `${mayComeAgain(undefined, sequencer) ? `${IS_NEW} OR ` : ""}${IS_AT_THE_SAME_PLACE}`,
  conditionValues: { ":place": placeOf(sequencer) },
});

/** What the arrival of a version must find: none of it that is done. */
const arriving = (versionId: string | undefined): Pick<Change, "condition" | "conditionValues"> =>
  versionId === undefined
    ? { condition: `${IS_NEW} OR ${IS_OLDER}` }
    : { condition: `${IS_NEW} OR ${IS_OLDER_AND_ANOTHER}`, conditionValues: { ":versionId": versionId } };

const isBeforeReset = (sequencer: string, found: RecordHolder): boolean =>
  resetOf(sequencer) < resetOf(found.sequencer);

const beforeReset = ({ sequencer }: RecordHolder) =>
  ({ outcome: "reset", reset: resetOf(sequencer) }) as const;

/** A record of the same version, or of something later. */
const standingBefore = (upload: Upload, found: RecordHolder) =>
  found.sequencer === upload.sequencer || isSameOriginal(upload, found)
    ? currentRecord("duplicate", found)
    : currentRecord("superseded", found);

/** The asset library as a DynamoDB table. Its writes are conditional on the sequencer: the order of events is the order of records. */
export const dynamoDBAssetLibrary = (
  client: DynamoDBClient,
  { table, destinationBucket, onDelete, recordTags = [] }: AssetTable,
): AssetLibrary => {
  /** The record as it was, or as another event has it when the condition is not met. */
  const update = async (event: Event, change: Change): Promise<Updated> => {
    try {
      const { Attributes } = await client.send(new UpdateItemCommand(updateInput(table, event, change)));
      return { isMet: true, before: Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { isMet: false, before: error.Item };
      throw new PipelineError("RECORD_FAILED", `The record of ${event.key} could not be written.`, {
        cause: error,
      });
    }
  };

  const readable = <Read>(key: string, { before }: Updated, read: (record: unknown) => Read): Read => {
    try {
      return read(unmarshall(before ?? {}));
    } catch (cause) {
      throw new PipelineError("RECORD_FAILED", `The record of ${key} is missing or not readable.`, {
        cause,
      });
    }
  };

  const holder = ({ key }: Event, updated: Updated): RecordHolder => readable(key, updated, holderOfRecord);

  const confirm = async (upload: Upload): Promise<boolean> => {
    const { versionId, sequencer } = upload;
    if (versionId === undefined) return false;
    const { isMet } = await update(upload, {
      attributes: { Sequencer: sequencer },
      condition: IS_SAME_VERSION_AND_DONE,
      conditionValues: { ":versionId": versionId },
    });
    return isMet;
  };

  const receive = async (upload: Upload, isAgain: boolean): Promise<Receipt> => {
    const attributes = {
      ...receivedAttributes(upload, destinationBucket),
      ...tagAttributes(upload.key, noTags(recordTags)),
    };
    const begun = await update(upload, {
      attributes: { ...attributes, Attempts: 1 },
      ...(isAgain ? comingAgain(upload.sequencer) : arriving(upload.versionId)),
    });
    if (begun.isMet) {
      return { outcome: "accepted", expected: begun.before === undefined ? "nothing" : "earlier renditions" };
    }
    const found = begun.before && holder(upload, begun);
    if (isAgain && (found?.sequencer ?? "") < upload.sequencer) {
      if (mayComeAgain(found?.sequencer, upload.sequencer)) return receive(upload, isAgain);
      throw new PipelineError(
        "MALFORMED_MESSAGE",
        `The message asks for ${upload.key} to be processed again at a place in the order of its events that its record has not.`,
      );
    }
    if (found === undefined) return receive(upload, isAgain);
    if (!isAgain && isBeforeReset(upload.sequencer, found)) return beforeReset(found);
    if (found.sequencer < upload.sequencer) {
      // Done, under an earlier event of the same version; unless the record has changed since: then look again.
      return (await confirm(upload))
        ? currentRecord("duplicate", { ...found, sequencer: upload.sequencer })
        : receive(upload, isAgain);
    }
    if (isStale(upload, found)) return { outcome: "stale" };
    // Two steps, for one update cannot both start the attempts of a new upload at 1 and add to those of this one. The
    // outcome of another attempt stays: it may be on its way to be notified, and the one that begins here may not end.
    const resumed = await update(upload, {
      attributes: { Sequencer: upload.sequencer },
      condition: IS_UNNOTIFIED,
      add: { Attempts: 1 },
    });
    const failure = resumed.isMet
      ? readable(upload.key, resumed, (record) => recordedFailure(record, upload))
      : undefined;
    return resumed.isMet
      ? { outcome: "accepted", expected: "earlier renditions", failure }
      : standingBefore(upload, holder(upload, resumed));
  };

  return {
    receive,

    record: async (asset) => {
      const { upload } = asset;
      const updated = await update(upload, {
        attributes: outcomeAttributes(asset),
        condition: `${IS_THIS_EVENT} AND ${HAS_NO_OTHER_OUTCOME}`,
      });
      const found = holder(upload, updated);
      if (!updated.isMet && found.sequencer === upload.sequencer) {
        return { ...currentRecord("preempted", found), isNotified: found.isNotified };
      }
      return updated.isMet
        ? { outcome: "recorded", isNotified: found.isNotified }
        : standingBefore(upload, found);
    },

    markNotified: async (upload, at) => {
      await update(upload, { attributes: { NotifiedAt: at.toISOString() }, condition: IS_THIS_EVENT });
    },

    noteFailedTry: async (upload, failedTry, at) => {
      const updated = await update(upload, {
        attributes: failedTryAttributes(upload.key, failedTry, at),
        condition: HAS_NO_OUTCOME,
      });
      return updated.isMet
        ? { outcome: "noted", isGivenUp: holder(upload, updated).isGivenUp }
        : { outcome: "nothing" };
    },

    markGivenUp: async (upload, at) => {
      await update(upload, {
        attributes: { ...stateAttributes(upload.key, "RECEIVED"), GivenUpAt: at.toISOString() },
        condition: HAS_NO_OUTCOME,
      });
    },

    confirm,

    waitingFor: async ({ key, versionId, eTag, restoredAt }) => {
      const original = versionId ?? eTag;
      const nothing = { outcome: "nothing", bySequencer: "", listedKeys: [] } as const;
      if (original === undefined) return nothing;
      const updated = await update(
        { key },
        {
          attributes: { RestoredAt: restoredAt },
          condition: `${versionId === undefined ? "ETag" : "VersionId"} = :original AND ${WAITS_FOR_A_RESTORE}`,
          conditionValues: { ":original": original, ":archived": "SOURCE_ARCHIVED" },
        },
      );
      if (updated.isMet) {
        const upload = readable(key, updated, (record) => restoredUpload(record, restoredAt));
        return { outcome: "waiting", upload };
      }
      return updated.before === undefined ? nothing : currentRecord("nothing", holder({ key }, updated));
    },

    reset: async (key, sequencer) => {
      const event = { key, sequencer };
      const updated = await update(event, {
        attributes: { ...resetAttributes(key, sequencer), ...tagAttributes(key, noTags(recordTags)) },
        condition: IS_OLDER,
      });
      if (updated.isMet) return { outcome: "begun" };
      if (updated.before === undefined) return { outcome: "nothing" };
      const found = holder(event, updated);
      return isBeforeReset(sequencer, found) ? currentRecord("superseded", found) : { outcome: "begun" };
    },

    remove: async (removal) => {
      const updated = await update(removal, {
        attributes: {
          ...removedAttributes(removal, destinationBucket, onDelete),
          ...(onDelete === "remove" ? tagAttributes(removal.key, noTags(recordTags)) : {}),
        },
        // An original that is never seen has no other time, and without one no place in the indexes.
        unlessSet: { UploadTime: removal.removedAt },
        condition: `${IS_NEW} OR ${IS_OLDER} OR ${IS_DELETED_BY_THIS_EVENT}`,
      });
      if (updated.isMet) return { outcome: "removed" };
      const found = holder(removal, updated);
      if (isBeforeReset(removal.sequencer, found)) return beforeReset(found);
      return found.sequencer === removal.sequencer
        ? { outcome: "stale" }
        : currentRecord("superseded", found);
    },
  };
};
