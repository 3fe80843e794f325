import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type AssetRecord, parseAssetRecord } from "../../handler/core/record/record.ts";

/** Every attribute of a record as it is, or `undefined` when there is no record (yet). */
export const readAttributes = async (
  { dynamodb }: { readonly dynamodb: DynamoDBClient },
  tableName: string,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: { ImageKey: { S: key } }, ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
};

/** The record of an original, or `undefined` when there is none (yet). */
export const readAssetRecord = async (
  aws: { readonly dynamodb: DynamoDBClient },
  tableName: string,
  key: string,
): Promise<AssetRecord | undefined> => {
  const attributes = await readAttributes(aws, tableName, key);
  return attributes && parseAssetRecord(attributes);
};
