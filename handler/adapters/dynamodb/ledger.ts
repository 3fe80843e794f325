import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { PipelineError } from "../../core/errors.ts";
import {
  type DatedOutcome,
  digestProgress,
  entryAttributes,
  LEDGER_INDEX,
  LEDGER_PARTS,
  outcomeOfEntry,
  PROGRESS_ID,
} from "../../core/notice/digest-ledger.ts";
import type { Claimed, DigestLedger } from "../../ports/digest.ts";
import type { Ledger } from "../../ports/notices.ts";

/**
 * Milliseconds from an entry's time to the last try to write it. A function that is frozen in the middle of a write goes
 * on with it when it is called again, which may be after the digest that the entry belongs to.
 */
const LAST_TRY_MS = 15_000;

/**
 * The ledger as a DynamoDB table: its writing side.
 * @param now the time in milliseconds since 1970
 */
export const dynamoDBLedger = (
  client: DynamoDBClient,
  table: string,
  now: () => number = Date.now,
): Ledger => ({
  enter: async (entry, at) => {
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall(entryAttributes(entry, at), { removeUndefinedValues: true }),
      ConditionExpression: "attribute_not_exists(Id)",
    });
    command.middlewareStack.add(
      (next) => (args) => {
        if (now() - at.getTime() > LAST_TRY_MS) throw new Error("It is too late to enter it at its time.");
        return next(args);
      },
      // Within the SDK's tries: each of them is asked.
      { step: "finalizeRequest", priority: "low", name: "inTime" },
    );
    try {
      await client.send(command);
    } catch (error) {
      // Entered before: by the same event, told twice or tried again.
      if (error instanceof ConditionalCheckFailedException) return;
      throw new PipelineError(
        "RECORD_FAILED",
        `What became of ${entry.key} could not be entered for a digest.`,
        { cause: error },
      );
    }
  },
});

const PROGRESS = marshall({ Id: PROGRESS_ID });

const claimedAlready = (item: Record<string, AttributeValue> | undefined, due: Date): Claimed => {
  const { mailedUntil, claimedUntil } = digestProgress(unmarshall(item ?? {}));
  if (mailedUntil !== undefined && mailedUntil >= due) return { outcome: "mailed" };
  return { outcome: "taken", until: claimedUntil ?? due };
};

/** The ledger as a DynamoDB table: what digests are made of. */
export const dynamoDBDigestLedger = (client: DynamoDBClient, table: string): DigestLedger => {
  const update = async (input: Omit<UpdateItemCommandInput, "TableName" | "Key">) => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: PROGRESS,
          ReturnValues: "ALL_OLD",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...input,
        }),
      );
      return { isMet: true, before: Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { isMet: false, before: error.Item };
      throw new PipelineError("RECORD_FAILED", "The progress of digests could not be written.", {
        cause: error,
      });
    }
  };

  const query = async (input: Omit<QueryCommandInput, "TableName" | "IndexName">) => {
    try {
      return await client.send(
        new QueryCommand({ TableName: table, IndexName: LEDGER_INDEX.name, ...input }),
      );
    } catch (cause) {
      throw new PipelineError("READ_FAILED", "The entries for a digest could not be read.", { cause });
    }
  };

  const readPart = async (
    part: string,
    from: Date,
    to: Date,
    take: (outcomes: readonly DatedOutcome[]) => void,
  ): Promise<void> => {
    let next: QueryCommandInput["ExclusiveStartKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await query({
        KeyConditionExpression: "#part = :part AND #at BETWEEN :from AND :last",
        ExpressionAttributeNames: { "#part": LEDGER_INDEX.partition, "#at": LEDGER_INDEX.sort },
        // BETWEEN includes its end, and times are whole milliseconds.
        ExpressionAttributeValues: marshall({
          ":part": part,
          ":from": from.toISOString(),
          ":last": new Date(to.getTime() - 1).toISOString(),
        }),
        ExclusiveStartKey: next,
      });
      take(Items.map((item) => outcomeOfEntry(unmarshall(item))));
      next = LastEvaluatedKey;
    } while (next !== undefined);
  };

  const oldestOfPart = async (part: string): Promise<readonly string[]> => {
    const { Items = [] } = await query({
      KeyConditionExpression: "#part = :part",
      ExpressionAttributeNames: { "#part": LEDGER_INDEX.partition },
      ExpressionAttributeValues: marshall({ ":part": part }),
      Limit: 1,
    });
    return Items.map((item) => outcomeOfEntry(unmarshall(item)).at);
  };

  return {
    claim: async (due, { id, now, until }) => {
      const { isMet, before } = await update({
        UpdateExpression: "SET ClaimedBy = :id, ClaimedUntil = :until",
        ConditionExpression:
          "(attribute_not_exists(MailedUntil) OR MailedUntil < :due) AND (attribute_not_exists(ClaimedUntil) OR ClaimedUntil < :now)",
        ExpressionAttributeValues: marshall({
          ":id": id,
          ":until": until.toISOString(),
          ":due": due.toISOString(),
          ":now": now.toISOString(),
        }),
      });
      if (!isMet) return claimedAlready(before, due);
      return { outcome: "claimed", mailedUntil: digestProgress(unmarshall(before ?? {})).mailedUntil };
    },

    oldest: async () => {
      const [first] = (await Promise.all(LEDGER_PARTS.map(oldestOfPart))).flat().sort();
      return first === undefined ? undefined : new Date(first);
    },

    read: async (from, to, take) => {
      await Promise.all(LEDGER_PARTS.map((part) => readPart(part, from, to, take)));
    },

    markMailed: async (until, claimId) => {
      await update({
        UpdateExpression: "SET MailedUntil = :until REMOVE ClaimedBy, ClaimedUntil",
        ConditionExpression: "ClaimedBy = :id",
        ExpressionAttributeValues: marshall({ ":until": until.toISOString(), ":id": claimId }),
      });
    },

    giveUp: async (claimId) => {
      await update({
        UpdateExpression: "REMOVE ClaimedBy, ClaimedUntil",
        ConditionExpression: "ClaimedBy = :id",
        ExpressionAttributeValues: marshall({ ":id": claimId }),
      });
    },
  };
};
