import { describe, expect, it } from "vitest";
import {
  type FailedAsset,
  outcomeAttributes,
  type ProcessedAsset,
  receivedAttributes,
  uploadOfRecord,
} from "../../../handler/core/asset.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { anUpload } from "../../support/upload-events.ts";

const processedAt = new Date("2026-11-23T10:00:06.000Z");

const processed: ProcessedAsset = {
  state: "PROCESSED",
  upload: anUpload(),
  processedAt,
  durationMs: 900,
  specsFingerprint: "fedcba9876543210",
  transformMs: 600,
  appearance: { dominantColour: "#336699", placeholder: "data:image/webp;base64,AAAA" },
  image: { format: "png", width: 4000, height: 3000, pages: 1, hasAlpha: true },
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
  upload: anUpload(),
  processedAt,
  durationMs: 20,
  specsFingerprint: "fedcba9876543210",
  image: undefined,
  reason: new PipelineError("CORRUPT_IMAGE", "A sentence."),
};

describe("receivedAttributes", () => {
  it("begin a record with the upload, its first attempt, and nothing of an earlier one", () => {
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
      Attempts: 1,
      ProcessedAt: undefined,
      DurationMs: undefined,
      ReasonCode: undefined,
      Reason: undefined,
      Renditions: undefined,
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
      Format: "png",
      Width: 4000,
      Height: 3000,
      Pages: 1,
      HasAlpha: true,
      ReasonCode: undefined,
      Reason: undefined,
      Renditions: [
        {
          Name: "card",
          Key: "holiday/beach.jpg/card.webp",
          Format: "webp",
          Width: 400,
          Height: 300,
          SizeBytes: 9_000,
        },
      ],
      DominantColour: "#336699",
      Placeholder: "data:image/webp;base64,AAAA",
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
      Format: undefined,
      Width: undefined,
      Height: undefined,
      Pages: undefined,
      HasAlpha: undefined,
      ReasonCode: "CORRUPT_IMAGE",
      Reason: "A sentence.",
      Renditions: undefined,
      DominantColour: undefined,
      Placeholder: undefined,
    });
  });

  it("keep what is known of an image that was refused", () => {
    const image = { format: "png", width: 9_000, height: 9_000, pages: 2, hasAlpha: false } as const;
    expect(outcomeAttributes({ ...failed, image })).toMatchObject({ Format: "png", Width: 9_000, Pages: 2 });
  });
});

describe("uploadOfRecord", () => {
  it.each([
    ["with a version", anUpload()],
    ["without a version", anUpload({ versionId: undefined, eTag: undefined })],
  ])("reads back the upload that began the record, %s", (_which, upload) => {
    const record = { ImageKey: upload.key, ...receivedAttributes(upload, "renditions") };
    expect(uploadOfRecord(record)).toEqual({ upload, isNotified: false });
  });

  it("tells whether the notice was sent", () => {
    const record = {
      ImageKey: "a",
      ...receivedAttributes(anUpload(), "renditions"),
      NotifiedAt: "2026-11-23T10:00:07.000Z",
    };
    expect(uploadOfRecord(record).isNotified).toBe(true);
  });

  it("throws on what is no record", () => {
    expect(() => uploadOfRecord({})).toThrow();
  });
});
