import { describe, expect, it } from "vitest";
import { dynamoDBRecordReader } from "../../../../handler/adapters/dynamodb/record-reader.ts";
import { dynamoDBClient } from "../../../../handler/adapters/dynamodb.ts";
import { type Answer, AwsService, jsonError, rejection } from "../aws-service.ts";

const json = (body: object): Answer => ({
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});

const find = (service: AwsService) =>
  dynamoDBRecordReader(dynamoDBClient(service.config), "assets").find("a b/日.jpg");

describe("dynamoDBRecordReader", () => {
  it("reads one record as it is at this moment", async () => {
    const service = new AwsService(
      json({
        Item: {
          ImageKey: { S: "a b/日.jpg" },
          SourceBucket: { S: "source-bucket" },
          DestinationBucket: { S: "renditions" },
          UploadTime: { S: "2026-11-23T10:00:00.000Z" },
          State: { S: "PROCESSED" },
          Sequencer: { S: "0055AED6DCD90281E500000000000000" },
          SizeBytes: { N: "4000" },
          VersionId: { S: "v1" },
        },
      }),
    );
    expect(await find(service)).toMatchObject({
      ImageKey: "a b/日.jpg",
      State: "PROCESSED",
      SizeBytes: 4000,
      VersionId: "v1",
    });
    expect(service.lastRequest.headers["x-amz-target"]).toBe("DynamoDB_20120810.GetItem");
    expect(JSON.parse(service.lastRequest.body)).toEqual({
      TableName: "assets",
      Key: { ImageKey: { S: "a b/日.jpg" } },
      ConsistentRead: true,
    });
  });

  it("tells when there is none", async () => {
    expect(await find(new AwsService(json({})))).toBeUndefined();
  });

  it.each([
    ["a record that can't be read", json({ Item: { ImageKey: { S: "a b/日.jpg" } } })],
    ["a table that is gone", jsonError(400, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException")],
  ])("reports %s for another try", async (_, answer) => {
    expect(await rejection(find(new AwsService(answer)))).toMatchObject({
      code: "RECORD_FAILED",
      retryable: true,
      message: "The record of a b/日.jpg could not be read.",
      cause: expect.any(Error),
    });
  });
});
