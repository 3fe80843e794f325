import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoDBAssetLibrary, dynamoDBClient } from "../../../handler/adapters/dynamodb.ts";
import { reprocessSequencer, resetSequencer } from "../../../handler/core/events/sequencer.ts";
import type { OnDelete } from "../../../handler/core/settings/settings.ts";
import { aFailedAsset, aProcessedAsset } from "../../support/assets.ts";
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

const libraryOf = (service: AwsService, onDelete: OnDelete = "remove") =>
  dynamoDBAssetLibrary(dynamoDBClient(service.config), {
    table: "assets",
    destinationBucket: "renditions",
    onDelete,
  });

const bodies = (service: AwsService): readonly unknown[] =>
  service.requests.map(({ body }) => JSON.parse(body));

const asset = aProcessedAsset({
  falseClaims: ["name .jpg"],
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
});

const failed = aFailedAsset();

const BEGIN = {
  TableName: "assets",
  Key: { ImageKey: { S: "holiday/beach.jpg" } },
  UpdateExpression:
    "SET #State = :State, #StateShard = :StateShard, #KeyShard = :KeyShard, #SourceBucket = :SourceBucket, #DestinationBucket = :DestinationBucket, " +
    "#UploadTime = :UploadTime, #Sequencer = :Sequencer, #VersionId = :VersionId, #ETag = :ETag, " +
    "#SizeBytes = :SizeBytes, #Attempts = :Attempts " +
    "REMOVE #ProcessedAt, #DurationMs, #ReasonCode, #Reason, #Renditions, #NotifiedAt, #SpecsFingerprint, " +
    "#MadeWith, #FalseClaims, #Tags, #FormatShard, #Sha256, #DeletedAt, #RestoredAt, #Format, #Width, #Height, " +
    "#Pages, #HasAlpha, #IsPreview, #Camera, #TakenAt, #Position, #DominantColour, #Placeholder, #ThumbHash, " +
    "#LastErrorCode, #LastError, #LastTriedAt, #GivenUpAt",
  ConditionExpression:
    "attribute_not_exists(Sequencer) OR (Sequencer < :sequencer AND " +
    "(attribute_not_exists(VersionId) OR VersionId <> :versionId OR attribute_not_exists(NotifiedAt)))",
  ExpressionAttributeNames: Object.fromEntries(
    [
      "ProcessedAt",
      "DurationMs",
      "ReasonCode",
      "Reason",
      "Renditions",
      "NotifiedAt",
      "SpecsFingerprint",
      "MadeWith",
      "FalseClaims",
      "Tags",
      "FormatShard",
      "Sha256",
      "DeletedAt",
      "RestoredAt",
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
      "ThumbHash",
      "LastErrorCode",
      "LastError",
      "LastTriedAt",
      "GivenUpAt",
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
    ":versionId": { S: "v1" },
    ":sequencer": { S: "0055AED6DCD90281E500000000000000" },
  },
  ReturnValues: "ALL_OLD",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
};

const CONFIRM = {
  TableName: "assets",
  Key: { ImageKey: { S: "holiday/beach.jpg" } },
  UpdateExpression: "SET #Sequencer = :Sequencer",
  ConditionExpression: "Sequencer <= :sequencer AND VersionId = :versionId AND attribute_exists(NotifiedAt)",
  ExpressionAttributeNames: { "#Sequencer": "Sequencer" },
  ExpressionAttributeValues: {
    ":Sequencer": { S: "0055AED6DCD90281E500000000000000" },
    ":versionId": { S: "v1" },
    ":sequencer": { S: "0055AED6DCD90281E500000000000000" },
  },
  ReturnValues: "ALL_OLD",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
};

const earlier = anUpload({ sequencer: "0055AED6DCD90281E400000000000000" });
const DONE = { NotifiedAt: "2026-11-23T10:00:07.000Z" };

describe("receive", () => {
  it("begins the record of an upload that is new or comes after the recorded one, and clears what was there", async () => {
    const service = new AwsService(written());
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "accepted",
      expected: "nothing",
    });
    expect(bodies(service)).toEqual([BEGIN]);
    expect(service.lastRequest.headers["x-amz-target"]).toBe("DynamoDB_20120810.UpdateItem");
  });

  it("takes away the object tags of an earlier upload, with their places in the indexes", async () => {
    const service = new AwsService(written());
    const library = dynamoDBAssetLibrary(dynamoDBClient(service.config), {
      table: "assets",
      destinationBucket: "renditions",
      onDelete: "remove",
      recordTags: ["album", "cost-center"],
    });
    await library.receive(anUpload(), false);
    await library.remove({ ...anUpload(), removedAt: "2026-11-24T10:00:00.000Z" });
    for (const { body } of service.requests) {
      expect(JSON.parse(body).UpdateExpression).toMatch(
        / REMOVE .*#Tags.*#TagShard_album, #TagShard_cost_2dcenter$/,
      );
    }
    expect(service.requests).toHaveLength(2);
  });

  it("resumes the record of an upload that was begun and not finished, and counts the attempt", async () => {
    const service = new AwsService(conditionFailed(item()), written(item()));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "accepted",
      expected: "earlier renditions",
    });
    const [begin, resume] = bodies(service);
    expect(begin).toEqual(BEGIN);
    expect(resume).toMatchObject({
      UpdateExpression: "SET #Sequencer = :Sequencer ADD Attempts :Attempts",
      ConditionExpression: "Sequencer = :sequencer AND attribute_not_exists(NotifiedAt)",
      ExpressionAttributeValues: { ":Attempts": { N: "1" } },
    });
  });

  it("knows what an attempt before has failed with, so that nothing is left but to tell", async () => {
    const found = item(upload, {
      State: "FAILED",
      ReasonCode: "CORRUPT_IMAGE",
      Reason: "A sentence.",
      ProcessedAt: "2026-11-23T10:00:06.000Z",
      DurationMs: 20,
      SpecsFingerprint: "fedcba9876543210",
      MadeWith: { Code: "0123456789abcdef", Sharp: "0.35.5", Libvips: "8.18.7" },
      DestinationBucket: "renditions",
    });
    const service = new AwsService(conditionFailed(found), written(found));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "accepted",
      expected: "earlier renditions",
      failure: failed,
    });
  });

  it("expects renditions where there was a record", async () => {
    const service = new AwsService(written(item(earlier)));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "accepted",
      expected: "earlier renditions",
    });
  });

  it("takes over a later event of a version that is done, and has it counted", async () => {
    const service = new AwsService(conditionFailed(item(earlier, DONE)), written(item(earlier, DONE)));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "duplicate",
      bySequencer: upload.sequencer,
      listedKeys: [],
    });
    expect(bodies(service)).toEqual([BEGIN, CONFIRM]);
  });

  it("looks again when the record changes meanwhile", async () => {
    const service = new AwsService(
      conditionFailed(item(earlier, DONE)),
      conditionFailed(item(later)),
      conditionFailed(item(later)),
    );
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
  });

  it("begins anew whatever is done, when it is to be processed again", async () => {
    const service = new AwsService(written(item(earlier, DONE)));
    const sequencer = reprocessSequencer(upload.sequencer, new Date(1));
    await libraryOf(service).receive({ ...upload, sequencer }, true);
    expect(bodies(service)).toMatchObject([
      {
        ConditionExpression: "(begins_with(Sequencer, :place) AND Sequencer < :sequencer)",
        ExpressionAttributeValues: {
          ":place": { S: "0055AED6DCD90281E500" },
          ":sequencer": { S: "0055AED6DCD90281E500000000000001" },
        },
      },
    ]);
    const unknown = new AwsService(written());
    const first = reprocessSequencer(undefined, new Date(1));
    await libraryOf(unknown).receive({ ...upload, sequencer: first }, true);
    expect(bodies(unknown)).toMatchObject([
      {
        ConditionExpression:
          "attribute_not_exists(Sequencer) OR (begins_with(Sequencer, :place) AND Sequencer < :sequencer)",
      },
    ]);
  });

  it("refuses what comes again at a place that the record has not", async () => {
    const sequencer = "F".repeat(32);
    for (const found of [conditionFailed(item(upload, DONE)), conditionFailed()]) {
      await expect(
        libraryOf(new AwsService(found)).receive({ ...upload, sequencer }, true),
      ).rejects.toMatchObject({
        code: "MALFORMED_MESSAGE",
        retryable: true,
        message:
          "The message asks for holiday/beach.jpg to be processed again at a place in the order of its events that its record has not.",
      });
    }
  });

  it("tells of an event from before a reset that the order was reset", async () => {
    const since = { ...upload, sequencer: resetSequencer(new Date(26)) };
    expect(await libraryOf(new AwsService(conditionFailed(item(since)))).receive(upload, false)).toEqual({
      outcome: "reset",
      reset: "R00000000001A",
    });
    const removal = { ...upload, removedAt: "2026-11-24T10:00:00.000Z" };
    expect(await libraryOf(new AwsService(conditionFailed(item(since)))).remove(removal)).toEqual({
      outcome: "reset",
      reset: "R00000000001A",
    });
  });

  it("knows a later event of the same version, and that a deleted one is no longer the same", async () => {
    const again = { ...upload, sequencer: later.sequencer };
    expect(await libraryOf(new AwsService(conditionFailed(item(again)))).receive(upload, false)).toEqual({
      outcome: "duplicate",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
    const deleted = item(again, { State: "DELETED" });
    expect(await libraryOf(new AwsService(conditionFailed(deleted))).receive(upload, false)).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
  });

  it("knows an upload that is done", async () => {
    const done = item(upload, { NotifiedAt: "2026-11-23T10:00:07.000Z" });
    const service = new AwsService(conditionFailed(done), conditionFailed(done));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "duplicate",
      bySequencer: upload.sequencer,
      listedKeys: [],
    });
  });

  it("knows a later upload, and tells its place in the order", async () => {
    const service = new AwsService(conditionFailed(item(later)), conditionFailed(item(later)));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
  });

  it("tells which renditions the standing record lists", async () => {
    const listing = item(later, { Renditions: [{ Key: "holiday/beach.jpg/card.webp" }] });
    const service = new AwsService(conditionFailed(listing), conditionFailed(listing));
    expect(await libraryOf(service).receive(upload, false)).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: ["holiday/beach.jpg/card.webp"],
    });
  });

  it.each([
    ["another version", item(upload, { VersionId: "v0" })],
    ["nothing", item(upload, { State: "DELETED" })],
  ])("leaves alone what another delivery of the event has begun when it found %s", async (_what, found) => {
    const service = new AwsService(conditionFailed(found));
    expect(await libraryOf(service).receive(upload, false)).toEqual({ outcome: "stale" });
    expect(bodies(service)).toEqual([BEGIN]);
  });

  it("removes the version of an earlier upload when the new one has none", async () => {
    const service = new AwsService(written());
    await libraryOf(service).receive(anUpload({ versionId: undefined, eTag: undefined }), false);
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
          "#MadeWith = :MadeWith, #FalseClaims = :FalseClaims, #Format = :Format, " +
          "#Width = :Width, #Height = :Height, #Pages = :Pages, #HasAlpha = :HasAlpha, " +
          "#Camera = :Camera, #TakenAt = :TakenAt, #Position = :Position, #Sha256 = :Sha256, #Renditions = :Renditions, " +
          "#DominantColour = :DominantColour, #Placeholder = :Placeholder, #ThumbHash = :ThumbHash " +
          "REMOVE #Tags, #IsPreview, #ReasonCode, #Reason, #LastErrorCode, #LastError, #LastTriedAt, #GivenUpAt",
        ConditionExpression:
          "Sequencer = :sequencer AND (attribute_not_exists(ProcessedAt) OR #State = :State)",
        ExpressionAttributeValues: {
          ":State": { S: "PROCESSED" },
          ":ProcessedAt": { S: "2026-11-23T10:00:06.000Z" },
          ":DurationMs": { N: "900" },
          ":StateShard": { S: "PROCESSED#2" },
          ":FormatShard": { S: "png#2" },
          ":SpecsFingerprint": { S: "fedcba9876543210" },
          ":MadeWith": {
            M: { Code: { S: "0123456789abcdef" }, Sharp: { S: "0.35.5" }, Libvips: { S: "8.18.7" } },
          },
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
                  Sha256: { S: "r1" },
                },
              },
            ],
          },
          ":DominantColour": { S: "#336699" },
          ":Placeholder": { S: "data:image/webp;base64,AAAA" },
          ":ThumbHash": { S: "1QcSHQRnh493V4dIh4eXh1h4kJUI" },
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
          "#MadeWith = :MadeWith, #ReasonCode = :ReasonCode, #Reason = :Reason " +
          "REMOVE #FalseClaims, #Tags, #Format, #Width, #Height, #Pages, #HasAlpha, " +
          "#IsPreview, #Camera, #TakenAt, #Position, #Renditions, #Sha256, #DominantColour, #Placeholder, #ThumbHash, #LastErrorCode, #LastError, #LastTriedAt, #GivenUpAt",
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

  it("leaves the other outcome of another attempt at the same event, and tells whether that is all done", async () => {
    const other = item(upload, { State: "FAILED", ...DONE });
    const service = new AwsService(conditionFailed(other));
    const preempted = { outcome: "preempted", bySequencer: upload.sequencer, listedKeys: [] };
    expect(await libraryOf(service).record(asset)).toEqual({ ...preempted, isNotified: true });
    const processed = item(upload, { Renditions: [{ Key: "holiday/beach.jpg/card.webp" }] });
    expect(await libraryOf(new AwsService(conditionFailed(processed))).record(failed)).toEqual({
      ...preempted,
      listedKeys: ["holiday/beach.jpg/card.webp"],
      isNotified: false,
    });
  });

  it("leaves the record of a later upload alone, and tells its place in the order", async () => {
    const service = new AwsService(conditionFailed(item(later)));
    expect(await libraryOf(service).record(asset)).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
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

describe("noteFailedTry", () => {
  const failedTry = { code: "READ_FAILED", sentence: "It could not be read. (AccessDenied)" };
  const triedAt = new Date("2026-11-23T10:00:07.000Z");

  it("writes what a try failed on while there is no outcome, and tells whether people know", async () => {
    const service = new AwsService(written(item()));
    expect(await libraryOf(service).noteFailedTry(upload, failedTry, triedAt)).toEqual({
      outcome: "noted",
      isGivenUp: false,
    });
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression:
          "SET #State = :State, #StateShard = :StateShard, #LastErrorCode = :LastErrorCode, #LastError = :LastError, #LastTriedAt = :LastTriedAt",
        ConditionExpression: "Sequencer = :sequencer AND #State = :State",
        ExpressionAttributeValues: {
          ":State": { S: "RECEIVED" },
          ":LastErrorCode": { S: "READ_FAILED" },
          ":LastError": { S: "It could not be read. (AccessDenied)" },
          ":LastTriedAt": { S: "2026-11-23T10:00:07.000Z" },
        },
      },
    ]);
    const told = new AwsService(written(item(upload, { GivenUpAt: "2026-11-23T10:00:07.000Z" })));
    expect(await libraryOf(told).noteFailedTry(upload, failedTry, triedAt)).toEqual({
      outcome: "noted",
      isGivenUp: true,
    });
  });

  it("has nothing to tell of what has an outcome, or is another's", async () => {
    for (const found of [item(upload, DONE), item(later), undefined]) {
      const service = new AwsService(conditionFailed(found));
      expect(await libraryOf(service).noteFailedTry(upload, failedTry, triedAt)).toEqual({
        outcome: "nothing",
      });
    }
  });

  it("remembers that people were told, in the same case", async () => {
    const service = new AwsService(written(item()));
    await libraryOf(service).markGivenUp(upload, triedAt);
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression: "SET #State = :State, #StateShard = :StateShard, #GivenUpAt = :GivenUpAt",
        ConditionExpression: "Sequencer = :sequencer AND #State = :State",
      },
    ]);
  });
});

describe("confirm", () => {
  it("tells whether this version is done, and has the later event counted", async () => {
    const service = new AwsService(written(item(upload, DONE)));
    expect(await libraryOf(service).confirm(upload)).toBe(true);
    expect(bodies(service)).toEqual([CONFIRM]);
    expect(await libraryOf(new AwsService(conditionFailed(item(later)))).confirm(upload)).toBe(false);
  });

  it("confirms nothing where there are no versions", async () => {
    const service = new AwsService(written());
    expect(await libraryOf(service).confirm(anUpload({ versionId: undefined }))).toBe(false);
    expect(service.requests).toEqual([]);
  });
});

describe("waitingFor", () => {
  const NOTHING = { outcome: "nothing", bySequencer: "", listedKeys: [] };
  const restore = {
    bucket: upload.bucket,
    key: upload.key,
    versionId: "v1",
    eTag: upload.eTag,
    restoredAt: "2026-11-24T10:00:00.000Z",
  };

  it("gives the upload of the record again, after its event and before whatever S3 tells next", async () => {
    const archived = item(upload, { State: "FAILED", ReasonCode: "SOURCE_ARCHIVED", ...DONE });
    const service = new AwsService(written(archived));
    expect(await libraryOf(service).waitingFor(restore)).toEqual({
      outcome: "waiting",
      upload: {
        ...upload,
        sequencer: "0055AED6DCD90281E50001A20CFF7D00",
        restoredAt: "2026-11-24T10:00:00.000Z",
      },
    });
    expect(bodies(service)).toEqual([
      {
        TableName: "assets",
        Key: { ImageKey: { S: "holiday/beach.jpg" } },
        UpdateExpression: "SET #RestoredAt = :RestoredAt",
        ConditionExpression:
          "VersionId = :original AND attribute_not_exists(DeletedAt) AND " +
          "(attribute_not_exists(NotifiedAt) OR ReasonCode = :archived)",
        ExpressionAttributeNames: { "#RestoredAt": "RestoredAt" },
        ExpressionAttributeValues: {
          ":RestoredAt": { S: "2026-11-24T10:00:00.000Z" },
          ":original": { S: "v1" },
          ":archived": { S: "SOURCE_ARCHIVED" },
        },
        ReturnValues: "ALL_OLD",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  it("knows the original by its ETag where the event names no version, and nothing by nothing", async () => {
    const service = new AwsService(conditionFailed(item()));
    expect(await libraryOf(service).waitingFor({ ...restore, versionId: undefined })).toEqual({
      ...NOTHING,
      bySequencer: upload.sequencer,
    });
    expect(bodies(service)).toMatchObject([
      {
        ConditionExpression: expect.stringMatching(/^ETag = :original AND /),
        ExpressionAttributeValues: { ":original": { S: upload.eTag } },
      },
    ]);
    const unasked = new AwsService();
    const unknown = { ...restore, versionId: undefined, eTag: undefined };
    expect(await libraryOf(unasked).waitingFor(unknown)).toEqual(NOTHING);
    expect(unasked.requests).toEqual([]);
  });

  it("gives none when the record is done, is another's, or is not there, and tells what it lists", async () => {
    expect(await libraryOf(new AwsService(conditionFailed())).waitingFor(restore)).toEqual(NOTHING);
    expect(await libraryOf(new AwsService(conditionFailed(item(later)))).waitingFor(restore)).toEqual({
      ...NOTHING,
      bySequencer: later.sequencer,
    });
    const listing = item(upload, { ...DONE, Renditions: [{ Key: "holiday/beach.jpg/card.webp" }] });
    expect(await libraryOf(new AwsService(conditionFailed(listing))).waitingFor(restore)).toEqual({
      outcome: "nothing",
      bySequencer: upload.sequencer,
      listedKeys: ["holiday/beach.jpg/card.webp"],
    });
  });
});

describe("remove", () => {
  const removal = {
    bucket: upload.bucket,
    key: upload.key,
    sequencer: later.sequencer,
    removedAt: "2026-11-24T10:00:00.000Z",
  };
  const DELETE = {
    ConditionExpression:
      "attribute_not_exists(Sequencer) OR Sequencer < :sequencer OR (Sequencer = :sequencer AND #State = :State)",
    ExpressionAttributeValues: {
      ":State": { S: "DELETED" },
      ":StateShard": { S: "DELETED#2" },
      ":KeyShard": { S: "key#2" },
      ":SourceBucket": { S: "source-bucket" },
      ":DestinationBucket": { S: "renditions" },
      ":Sequencer": { S: later.sequencer },
      ":DeletedAt": { S: "2026-11-24T10:00:00.000Z" },
      ":UploadTime": { S: "2026-11-24T10:00:00.000Z" },
    },
  };

  it("marks the record as deleted and takes away what it tells of renditions and their looks", async () => {
    const service = new AwsService(written(item()));
    expect(await libraryOf(service).remove(removal)).toEqual({ outcome: "removed" });
    expect(bodies(service)).toMatchObject([
      {
        ...DELETE,
        UpdateExpression: expect.stringMatching(
          /, UploadTime = if_not_exists\(UploadTime, :UploadTime\) REMOVE .*#Renditions, #NotifiedAt, .*#Placeholder, #ThumbHash, #LastErrorCode, #LastError, #LastTriedAt, #GivenUpAt$/,
        ),
      },
    ]);
  });

  it("keeps what it tells where the renditions are kept", async () => {
    const service = new AwsService(written(item()));
    await libraryOf(service, "keep").remove(removal);
    expect(bodies(service)).toMatchObject([
      {
        ...DELETE,
        UpdateExpression: expect.stringMatching(
          /REMOVE #NotifiedAt, #LastErrorCode, #LastError, #LastTriedAt, #GivenUpAt$/,
        ),
      },
    ]);
  });

  it("leaves alone what another delivery of the event has found", async () => {
    const service = new AwsService(conditionFailed(item(upload)));
    const same = { ...removal, sequencer: upload.sequencer };
    expect(await libraryOf(service).remove(same)).toEqual({ outcome: "stale" });
  });

  it("leaves the record of a later upload alone", async () => {
    const service = new AwsService(conditionFailed(item(later)));
    expect(await libraryOf(service).remove({ ...removal, sequencer: upload.sequencer })).toEqual({
      outcome: "superseded",
      bySequencer: later.sequencer,
      listedKeys: [],
    });
  });
});

describe("any failure of DynamoDB", () => {
  const methods = {
    receive: (service: AwsService) => libraryOf(service).receive(upload, false),
    record: (service: AwsService) => libraryOf(service).record(asset),
    markNotified: (service: AwsService) => libraryOf(service).markNotified(upload, new Date(0)),
    confirm: (service: AwsService) => libraryOf(service).confirm(upload),
    waitingFor: (service: AwsService) => libraryOf(service).waitingFor({ ...upload, restoredAt: "" }),
    remove: (service: AwsService) =>
      libraryOf(service).remove({ bucket: "b", key: upload.key, sequencer: "1", removedAt: "" }),
  } as const;

  it.each(["receive", "record", "markNotified", "confirm", "waitingFor", "remove"] as const)(
    "makes %s fail for another try",
    async (method) => {
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
    },
  );
});
