import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import {
  type AssetAttributes,
  outcomeAttributes,
  type RecordedUpload,
  receivedAttributes,
  uploadOfRecord,
} from "../core/asset.ts";
import { stateAttributes } from "../core/asset-index.ts";
import { PipelineError } from "../core/errors.ts";
import type { Upload } from "../core/upload-event.ts";
import type { AssetLibrary, Receipt } from "../ports.ts";

/** Milliseconds: DynamoDB answers within tens of them, so a longer wait is better spent on another try. */
const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The function's DynamoDB client: three tries, with the SDK's standard back-off. */
export const dynamoDBClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ maxAttempts: 3, retryMode: "standard", requestHandler: TIMEOUTS, ...config });

export type AssetTable = { readonly table: string; readonly destinationBucket: string };

/** Sets what has a value and removes what has none. `State`, like many words, is reserved, so every name has a placeholder. */
const updating = (attributes: AssetAttributes) => {
  const names = Object.keys(attributes);
  const isSet = (name: string): boolean => attributes[name] !== undefined;
  const set = names.filter(isSet).map((name) => `#${name} = :${name}`);
  const remove = names.filter((name) => !isSet(name)).map((name) => `#${name}`);
  return {
    expression: [
      ...(set.length === 0 ? [] : [`SET ${set.join(", ")}`]),
      ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(", ")}`]),
    ].join(" "),
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(names.filter(isSet).map((name) => [`:${name}`, attributes[name]])),
  };
};

type Change = {
  readonly attributes: AssetAttributes;
  readonly condition: string;
  /** Added to the attribute's number. */
  readonly add?: Readonly<Record<string, number>>;
};

const IS_NEW_OR_OLDER = "attribute_not_exists(Sequencer) OR Sequencer < :sequencer";
const IS_UNNOTIFIED = "Sequencer = :sequencer AND attribute_not_exists(NotifiedAt)";
const IS_THIS_UPLOAD = "Sequencer = :sequencer";

const updateInput = (
  table: string,
  { key, sequencer }: Upload,
  { attributes, condition, add = {} }: Change,
): UpdateItemCommandInput => {
  const { expression, names, values } = updating(attributes);
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
      ":sequencer": sequencer,
    }),
    ReturnValues: "ALL_OLD",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
};

/** The asset library as a DynamoDB table. Its writes are conditional on the sequencer: the order of events is the order of records. */
export const dynamoDBAssetLibrary = (
  client: DynamoDBClient,
  { table, destinationBucket }: AssetTable,
): AssetLibrary => {
  /** The record as it was, or as the upload that holds it has it when the condition is not met. */
  const update = async (
    upload: Upload,
    change: Change,
  ): Promise<{ readonly isMet: boolean; readonly before: UpdateItemCommandOutput["Attributes"] }> => {
    try {
      const { Attributes } = await client.send(new UpdateItemCommand(updateInput(table, upload, change)));
      return { isMet: true, before: Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { isMet: false, before: error.Item };
      throw new PipelineError("RECORD_FAILED", `The record of ${upload.key} could not be written.`, {
        cause: error,
      });
    }
  };

  const holder = (upload: Upload, item: UpdateItemCommandOutput["Attributes"]): RecordedUpload => {
    try {
      return uploadOfRecord(unmarshall(item ?? {}));
    } catch (cause) {
      throw new PipelineError("RECORD_FAILED", `The record of ${upload.key} is missing or not readable.`, {
        cause,
      });
    }
  };

  return {
    receive: async (upload): Promise<Receipt> => {
      // Two steps, for one update cannot both start the attempts of a new upload at 1 and add to those of this one.
      const begun = await update(upload, {
        attributes: receivedAttributes(upload, destinationBucket),
        condition: IS_NEW_OR_OLDER,
      });
      if (begun.isMet) return { outcome: "accepted" };
      const resumed = await update(upload, {
        attributes: stateAttributes(upload.key, "RECEIVED"),
        condition: IS_UNNOTIFIED,
        add: { Attempts: 1 },
      });
      if (resumed.isMet) return { outcome: "accepted" };
      const recorded = holder(upload, resumed.before);
      return recorded.upload.sequencer === upload.sequencer
        ? { outcome: "duplicate" }
        : { outcome: "superseded", by: recorded.upload };
    },

    record: async (asset) => {
      const { upload } = asset;
      const { isMet, before } = await update(upload, {
        attributes: outcomeAttributes(asset),
        condition: IS_THIS_UPLOAD,
      });
      const recorded = holder(upload, before);
      return isMet
        ? { outcome: "recorded", isNotified: recorded.isNotified }
        : { outcome: "superseded", by: recorded.upload };
    },

    markNotified: async (upload, at) => {
      await update(upload, { attributes: { NotifiedAt: at.toISOString() }, condition: IS_THIS_UPLOAD });
    },
  };
};
