import { describe, expect, it } from "vitest";
import {
  outcomeAttributes,
  receivedAttributes,
  removedAttributes,
} from "../../../../handler/core/record/asset.ts";
import { aFailedAsset, aProcessedAsset } from "../../../support/assets.ts";
import { anUpload } from "../../../support/upload-events.ts";

const processed = aProcessedAsset();

const failed = aFailedAsset();

describe("receivedAttributes", () => {
  it("begin a record with the upload and nothing of an earlier one", () => {
    expect(receivedAttributes(anUpload(), "renditions")).toEqual({
      State: "RECEIVED",
      StateShard: "RECEIVED#2",
      KeyShard: "key#2",
      SourceBucket: "source-bucket",
      DestinationBucket: "renditions",
      UploadTime: "2026-11-23T10:00:00.000Z",
      Sequencer: "0055AED6DCD90281E500000000000000",
      VersionId: "v1",
      ETag: "0123456789abcdef0123456789abcdef",
      SizeBytes: 4_000,
      DeletedAt: undefined,
      RestoredAt: undefined,
      ProcessedAt: undefined,
      DurationMs: undefined,
      ReasonCode: undefined,
      Reason: undefined,
      Renditions: undefined,
      Sha256: undefined,
      NotifiedAt: undefined,
      SpecsFingerprint: undefined,
      FormatShard: undefined,
      Format: undefined,
      Width: undefined,
      Height: undefined,
      Pages: undefined,
      HasAlpha: undefined,
      DominantColour: undefined,
      Placeholder: undefined,
      ThumbHash: undefined,
      Tags: undefined,
    });
  });

  it("take away whatever an outcome or a notice may have written", () => {
    const begun = receivedAttributes(anUpload(), "renditions");
    for (const name of [...Object.keys(outcomeAttributes(processed)), "NotifiedAt"]) {
      expect(Object.keys(begun)).toContain(name);
      if (!["State", "StateShard"].includes(name)) expect(begun[name]).toBeUndefined();
    }
  });

  it("take away the version and ETag of an earlier upload when this one has none", () => {
    const begun = receivedAttributes(anUpload({ versionId: undefined, eTag: undefined }), "renditions");
    expect(Object.entries(begun)).toEqual(
      expect.arrayContaining([
        ["VersionId", undefined],
        ["ETag", undefined],
      ]),
    );
  });
});

describe("outcomeAttributes", () => {
  it("write what was made", () => {
    expect(outcomeAttributes(processed)).toEqual({
      State: "PROCESSED",
      StateShard: "PROCESSED#2",
      FormatShard: "png#2",
      ProcessedAt: "2026-11-23T10:00:06.000Z",
      DurationMs: 900,
      SpecsFingerprint: "fedcba9876543210",
      MadeWith: { Code: "0123456789abcdef", Sharp: "0.35.5", Libvips: "8.18.7" },
      Format: "png",
      Width: 4000,
      Height: 3000,
      Pages: 1,
      HasAlpha: true,
      ReasonCode: undefined,
      Reason: undefined,
      Sha256: "o1",
      Renditions: [
        {
          Name: "card",
          Key: "holiday/beach.jpg/card.webp",
          Format: "webp",
          Width: 400,
          Height: 300,
          SizeBytes: 9_000,
          Sha256: "r1",
        },
      ],
      DominantColour: "#336699",
      Placeholder: "data:image/webp;base64,AAAA",
      ThumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    });
  });

  it("write why nothing was made, and take away what an earlier attempt made", () => {
    expect(outcomeAttributes(failed)).toEqual({
      State: "FAILED",
      StateShard: "FAILED#2",
      FormatShard: "unknown#2",
      ProcessedAt: "2026-11-23T10:00:06.000Z",
      DurationMs: 20,
      SpecsFingerprint: "fedcba9876543210",
      MadeWith: { Code: "0123456789abcdef", Sharp: "0.35.5", Libvips: "8.18.7" },
      Format: undefined,
      Width: undefined,
      Height: undefined,
      Pages: undefined,
      HasAlpha: undefined,
      ReasonCode: "CORRUPT_IMAGE",
      Reason: "A sentence.",
      Renditions: undefined,
      Sha256: undefined,
      DominantColour: undefined,
      Placeholder: undefined,
      ThumbHash: undefined,
    });
  });

  it("keep what is known of an image that was refused", () => {
    const image = { format: "png", width: 9_000, height: 9_000, pages: 2, hasAlpha: false } as const;
    expect(outcomeAttributes({ ...failed, image })).toMatchObject({ Format: "png", Width: 9_000, Pages: 2 });
  });
});

describe("removedAttributes", () => {
  const removal = {
    bucket: "source-bucket",
    key: "holiday/beach.jpg",
    sequencer: "F0000000000000000000000000000000",
    removedAt: "2026-11-24T10:00:00.000Z",
  };

  it("keep the place in the order of events, and nothing of renditions that are removed", () => {
    const removed = removedAttributes(removal, "renditions", "remove");
    expect(removed).toMatchObject({
      State: "DELETED",
      SourceBucket: "source-bucket",
      DestinationBucket: "renditions",
      Sequencer: "F0000000000000000000000000000000",
      DeletedAt: "2026-11-24T10:00:00.000Z",
    });
    for (const name of Object.keys(outcomeAttributes(processed))) {
      expect(Object.keys(removed)).toContain(name);
      if (!name.startsWith("State")) expect(removed[name]).toBeUndefined();
    }
  });

  it("leave what is told of renditions that are kept", () => {
    expect(Object.keys(removedAttributes(removal, "renditions", "keep")).sort()).toEqual([
      "DeletedAt",
      "DestinationBucket",
      "GivenUpAt",
      "KeyShard",
      "LastError",
      "LastErrorCode",
      "LastTriedAt",
      "NotifiedAt",
      "Sequencer",
      "SourceBucket",
      "State",
      "StateShard",
    ]);
  });
});
