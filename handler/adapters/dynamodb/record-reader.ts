import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { PipelineError } from "../../core/errors.ts";
import { parseAssetRecord } from "../../core/record/record.ts";
import type { RecordReader } from "../../ports/reprocess.ts";

/** Reads records one by one, as they are at this moment. */
export const dynamoDBRecordReader = (client: DynamoDBClient, table: string): RecordReader => ({
  find: async (key) => {
    try {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { ImageKey: { S: key } }, ConsistentRead: true }),
      );
      return Item && parseAssetRecord(unmarshall(Item));
    } catch (cause) {
      throw new PipelineError("RECORD_FAILED", `The record of ${key} could not be read.`, { cause });
    }
  },
});
