import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoDBAssetLibrary, dynamoDBClient } from "../../../handler/adapters/dynamodb.ts";
import type { FailedAsset, ProcessedAsset } from "../../../handler/core/asset.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { anUpload } from "../../support/upload-events.ts";
import { type Answer, AwsService, jsonError, rejection } from "./aws-service.ts";

const upload = anUpload();
const later = anUpload({ versionId: "v2", sequencer: "F0000000000000000000000000000000" });

const item = (
  { key, bucket, sizeBytes, eTag, versionId, sequencer, uploadTime } = upload,
  more: object = {},
) =>
  marshall({
    ImageKey: key,
    SourceBucket: bucket,
    SizeBytes: sizeBytes,
    ETag: eTag,
    VersionId: versionId,
    Sequencer: sequencer,
    UploadTime: uploadTime,
    State: "PROCESSED",
    ...more,
  });

const written = (attributes?: object): Answer => ({ body: JSON.stringify({ Attributes: attributes }) });

const conditionFailed = (found?: object): Answer =>
  jsonError(400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", { Item: found });

const libraryOf = (service: AwsService) =>
  dynamoDBAssetLibrary(dynamoDBClient(service.config), { table: "assets", destinationBucket: "renditions" });

const bodies = (service: AwsService): readonly unknown[] =>
  service.requests.map(({ body }) => JSON.parse(body));

const asset: ProcessedAsset = {
  state: "PROCESSED",
  upload,
  processedAt: new Date("2026-11-23T10:00:06.000Z"),
  durationMs: 900,
  specsFingerprint: "fedcba9876543210",
  falseClaims: ["name .jpg"],
  transformMs: 600,
  appearance: { dominantColour: "#336699", placeholder: "data:image/webp;base64,AAAA" },
  image: {
    format: "png",
    width: 4000,
    height: 3000,
    pages: 1,
    hasAlpha: true,
    capture: {
      camera: "Canon EOS R5",
      takenAt: "2026-07-01T12:30:00+02:00",
      position: { latitude: 52.516667, longitude: 13.4 },
    },
  },
  renditions: [
    {
      name: "card",
      key: "holiday/beach.jpg/card.webp",
      format: "webp",
      width: 400,
      height: 300,
      sizeBytes: 9_000,
    },
  ],
};

const failed: FailedAsset = {
  state: "FAILED",
  upload,
  processedAt: new Date("2026-11-23T10:00:06.000Z"),
  durationMs: 20,
  specsFingerprint: "fedcba9876543210",
  image: undefined,
  reason: new PipelineError("CORRUPT_IMAGE", "A sentence."),
};

const BEGIN = {
  TableName: "assets",
  Key: { ImageKey: { S: "holiday/beach.jpg" } },
  UpdateExpression:
    "SET #State = :State, #StateShard = :StateShard, #KeyShard = :KeyShard, #SourceBucket = :SourceBucket, #DestinationBucket = :DestinationBucket, " +
    "#UploadTime = :UploadTime, #Sequencer = :Sequencer, #VersionId = :VersionId, #ETag = :ETag, " +
    "#SizeBytes = :SizeBytes, #Attempts = :Attempts " +
    "REMOVE #ProcessedAt, #DurationMs, #ReasonCode, #Reason, #Renditions, #NotifiedAt, #SpecsFingerprint, " +
    "#FalseClaims, #FormatShard, #Format, #Width, #Height, " +
    "#Pages, #HasAlpha, #IsPreview, #Camera, #TakenAt, #Position, #DominantColour, #Placeholder",
  ConditionExpression: "attribute_not_exists(Sequencer) OR Sequencer < :sequencer",
  ExpressionAttributeNames: Object.fromEntries(
    [
      "ProcessedAt",
      "DurationMs",
      "ReasonCode",
      "Reason",
      "Renditions",
      "NotifiedAt",
      "SpecsFingerprint",
      "FalseClaims",
      "FormatShard",
      "Format",
      "Width",
      "Height",
      "Pages",
      "HasAlpha",
      "IsPreview",
      "Camera",
      "TakenAt",
      "Position",
      "DominantColour",
      "Placeholder",
      "State",
      "StateShard",
      "KeyShard",
      "SourceBucket",
      "DestinationBucket",
      "UploadTime",
      "Sequencer",
      "VersionId",
      "ETag",
      "SizeBytes",
      "Attempts",
    ].map((name) => [`#${name}`, name]),
  ),
  ExpressionAttributeValues: {
    ":State": { S: "RECEIVED" },
    ":StateShard": { S: "RECEIVED#2" },
    ":KeyShard": { S: "key#2" },
    ":SourceBucket": { S: "source-bucket" },
    ":DestinationBucket": { S: "renditions" },
    ":UploadTime": { S: "2026-11-23T10:00:00.000Z" },
    ":Sequencer": { S: "0055AED6DCD90281E500000000000000" },
    ":VersionId": { S: "v1" },
    ":ETag": { S: "0123456789abcdef0123456789abcdef" },
    ":SizeBytes": { N: "4000" },
    ":Attempts": { N: "1" },
    ":sequencer": { S: "0055AED6DCD90281E500000000000000" },
  },
  ReturnValues: "ALL_OLD",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
};

const RESUME = {
  TableName: "assets",
  Key: { ImageKey: { S: "holiday/beach.jpg" } },
  UpdateExpression: "SET #State = :State, #StateShard = :StateShard ADD Attempts :Attempts",
  ConditionExpression: "Sequencer = :sequencer AND attribute_not_exists(NotifiedAt)",
  ExpressionAttributeNames: { "#State": "State", "#StateShard": "StateShard" },
  ExpressionAttributeValues: {
    ":State": { S: "RECEIVED" },
    ":StateShard": { S: "RECEIVED#2" },
    ":Attempts": { N: "1" },
    ":sequencer": { S: "0055AED6DCD90281E500000000000000" },
  },
  ReturnValues: "ALL_OLD",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
};

describe("receive", () => {
  it("begins the record of an upload that is new or comes after the recorded one, and clears what was there", async () => {
    const service = new AwsService(written());
    expect(await libraryOf(service).receive(upload)).toEqual({ outcome: "accepted" });
    expect(bodies(service)).toEqual([BEGIN]);
    expect(service.lastRequest.headers["x-amz-target"]).toBe("DynamoDB_20120810.UpdateItem");
  });

  it("resumes the record of an upload that was begun and not finished, and counts the attempt", async () => {
    const service = new AwsService(conditionFailed(item()), written(item()));
    expect(await libraryOf(service).receive(upload)).toEqual({ outcome: "accepted" });
    expect(bodies(service)).toEqual([BEGIN, RESUME]);
  });

  it("knows an upload that is done", async () => {
    const done = item(upload, { NotifiedAt: "2026-11-23T10:00:07.000Z" });
    const service = new AwsService(conditionFailed(done), conditionFailed(done));
    expect(await libraryOf(service).receive(upload)).toEqual({ outcome: "duplicate" });
  });

  it("knows a later upload, and gives it back whole", async () => {
    const service = new AwsService(conditionFailed(item(later)), conditionFailed(item(later)));
    expect(await libraryOf(service).receive(upload)).toEqual({ outcome: "superseded", by: later });
  });

  it("removes the version of an earlier upload when the new one has none", async () => {
    const service = new AwsService(written());
    await libraryOf(service).receive(anUpload({ versionId: undefined, eTag: undefined }));
    expect(bodies(service)[0]).toMatchObject({
      UpdateExpression: expect.stringMatching(/ REMOVE .*#VersionId, #ETag$/),
    });
  });
});

describe("record", () => {
  it("writes what was made, if the record is still this upload's", async () => {
    const service = new AwsService(written(item()));
    expect(await libraryOf(service).record(asset)).toEqual({ outcome: "recorded", isNotified: false });
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression:
          "SET #State = :State, #StateShard = :StateShard, #FormatShard = :FormatShard, " +
          "#ProcessedAt = :ProcessedAt, #DurationMs = :DurationMs, #SpecsFingerprint = :SpecsFingerprint, " +
          "#FalseClaims = :FalseClaims, #Format = :Format, " +
          "#Width = :Width, #Height = :Height, #Pages = :Pages, #HasAlpha = :HasAlpha, " +
          "#Camera = :Camera, #TakenAt = :TakenAt, #Position = :Position, #Renditions = :Renditions, " +
          "#DominantColour = :DominantColour, #Placeholder = :Placeholder " +
          "REMOVE #IsPreview, #ReasonCode, #Reason",
        ConditionExpression: "Sequencer = :sequencer",
        ExpressionAttributeValues: {
          ":State": { S: "PROCESSED" },
          ":ProcessedAt": { S: "2026-11-23T10:00:06.000Z" },
          ":DurationMs": { N: "900" },
          ":StateShard": { S: "PROCESSED#2" },
          ":FormatShard": { S: "png#2" },
          ":SpecsFingerprint": { S: "fedcba9876543210" },
          ":Format": { S: "png" },
          ":Width": { N: "4000" },
          ":Height": { N: "3000" },
          ":Pages": { N: "1" },
          ":HasAlpha": { BOOL: true },
          ":FalseClaims": { L: [{ S: "name .jpg" }] },
          ":Camera": { S: "Canon EOS R5" },
          ":TakenAt": { S: "2026-07-01T12:30:00+02:00" },
          ":Position": { M: { Latitude: { N: "52.516667" }, Longitude: { N: "13.4" } } },
          ":Renditions": {
            L: [
              {
                M: {
                  Name: { S: "card" },
                  Key: { S: "holiday/beach.jpg/card.webp" },
                  Format: { S: "webp" },
                  Width: { N: "400" },
                  Height: { N: "300" },
                  SizeBytes: { N: "9000" },
                },
              },
            ],
          },
          ":DominantColour": { S: "#336699" },
          ":Placeholder": { S: "data:image/webp;base64,AAAA" },
          ":sequencer": { S: "0055AED6DCD90281E500000000000000" },
        },
      },
    ]);
  });

  it("writes why nothing was made, and removes what an earlier attempt made", async () => {
    const service = new AwsService(written(item()));
    await libraryOf(service).record(failed);
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression:
          "SET #State = :State, #StateShard = :StateShard, #FormatShard = :FormatShard, " +
          "#ProcessedAt = :ProcessedAt, #DurationMs = :DurationMs, #SpecsFingerprint = :SpecsFingerprint, " +
          "#ReasonCode = :ReasonCode, #Reason = :Reason " +
          "REMOVE #FalseClaims, #Format, #Width, #Height, #Pages, #HasAlpha, " +
          "#IsPreview, #Camera, #TakenAt, #Position, #Renditions, #DominantColour, #Placeholder",
        ExpressionAttributeValues: {
          ":State": { S: "FAILED" },
          ":ReasonCode": { S: "CORRUPT_IMAGE" },
          ":Reason": { S: "A sentence." },
        },
      },
    ]);
  });

  it("tells when the notice was sent before", async () => {
    const service = new AwsService(written(item(upload, { NotifiedAt: "2026-11-23T10:00:07.000Z" })));
    expect(await libraryOf(service).record(asset)).toEqual({ outcome: "recorded", isNotified: true });
  });

  it("leaves the record of a later upload alone, and gives that upload back", async () => {
    const service = new AwsService(conditionFailed(item(later)));
    expect(await libraryOf(service).record(asset)).toEqual({ outcome: "superseded", by: later });
  });

  it("fails for another try when the record is gone", async () => {
    expect(await rejection(libraryOf(new AwsService(conditionFailed())).record(asset))).toMatchObject({
      code: "RECORD_FAILED",
      retryable: true,
      message: "The record of holiday/beach.jpg is missing or not readable.",
    });
  });
});

describe("markNotified", () => {
  const at = new Date("2026-11-23T10:00:07.000Z");

  it("remembers when, if the record is still this upload's", async () => {
    const service = new AwsService(written(item()));
    await libraryOf(service).markNotified(upload, at);
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression: "SET #NotifiedAt = :NotifiedAt",
        ConditionExpression: "Sequencer = :sequencer",
        ExpressionAttributeValues: { ":NotifiedAt": { S: "2026-11-23T10:00:07.000Z" } },
      },
    ]);
  });

  it("leaves the record of a later upload alone", async () => {
    const service = new AwsService(conditionFailed(item(later)));
    expect(await libraryOf(service).markNotified(upload, at)).toBeUndefined();
  });
});

describe("any failure of DynamoDB", () => {
  const methods = {
    receive: (service: AwsService) => libraryOf(service).receive(upload),
    record: (service: AwsService) => libraryOf(service).record(asset),
    markNotified: (service: AwsService) => libraryOf(service).markNotified(upload, new Date(0)),
  } as const;

  it.each(["receive", "record", "markNotified"] as const)("makes %s fail for another try", async (method) => {
    for (const [status, type] of [
      [400, "AccessDeniedException"],
      [400, "ResourceNotFoundException"],
      [400, "ProvisionedThroughputExceededException"],
      [500, "InternalServerError"],
    ] as const) {
      expect(await rejection(methods[method](new AwsService(jsonError(status, type))))).toMatchObject({
        code: "RECORD_FAILED",
        retryable: true,
        message: "The record of holiday/beach.jpg could not be written.",
        cause: { name: type },
      });
    }
  });
});
