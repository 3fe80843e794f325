import { describe, expect, it } from "vitest";
import {
  type FailedAsset,
  holderOfRecord,
  isContradicted,
  isSameOriginal,
  outcomeAttributes,
  type ProcessedAsset,
  receivedAttributes,
  removedAttributes,
  restoredUpload,
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
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  sha256: "o1",
  transformMs: 600,
  appearance: {
    dominantColour: "#336699",
    placeholder: "data:image/webp;base64,AAAA",
    thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
  },
  image: { format: "png", width: 4000, height: 3000, pages: 1, hasAlpha: true },
  renditions: [
    {
      name: "card",
      key: "holiday/beach.jpg/card.webp",
      format: "webp",
      width: 400,
      height: 300,
      sizeBytes: 9_000,
      sha256: "r1",
    },
  ],
};

const failed: FailedAsset = {
  state: "FAILED",
  upload: anUpload(),
  processedAt,
  durationMs: 20,
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  image: undefined,
  reason: new PipelineError("CORRUPT_IMAGE", "A sentence."),
};

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
      "KeyShard",
      "NotifiedAt",
      "Sequencer",
      "SourceBucket",
      "State",
      "StateShard",
    ]);
  });
});

describe("holderOfRecord", () => {
  it("tells whose the record is and whether all is done", () => {
    const record = { ImageKey: "a", ...receivedAttributes(anUpload(), "renditions") };
    const holder = {
      state: "RECEIVED",
      sequencer: "0055AED6DCD90281E500000000000000",
      versionId: "v1",
      eTag: "0123456789abcdef0123456789abcdef",
      isNotified: false,
      renditionKeys: [],
    };
    expect(holderOfRecord(record)).toEqual(holder);
    expect(holderOfRecord({ ...record, NotifiedAt: "2026-11-23T10:00:07.000Z" })).toEqual({
      ...holder,
      isNotified: true,
    });
  });

  it("tells which renditions there are, and that a deleted original has none", () => {
    const record = { ...receivedAttributes(anUpload(), "renditions"), ...outcomeAttributes(processed) };
    const keys = processed.renditions.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(holderOfRecord(record).renditionKeys).toEqual(keys);
    expect(holderOfRecord({ ...record, State: "DELETED" }).renditionKeys).toEqual([]);
  });

  it("throws on what is no record", () => {
    expect(() => holderOfRecord({})).toThrow();
  });
});

describe("restoredUpload", () => {
  const record = { ImageKey: "holiday/beach.jpg", ...receivedAttributes(anUpload(), "renditions") };

  it("is the upload of the record, after its event and before whatever S3 tells next", () => {
    const restored = restoredUpload(record, "2026-11-24T10:00:00.000Z");
    expect(restored).toEqual({
      ...anUpload(),
      sequencer: expect.stringMatching(/^0055AED6DCD90281E500[0-9A-F]{12}$/),
      restoredAt: "2026-11-24T10:00:00.000Z",
    });
    expect(restored.sequencer > anUpload().sequencer).toBe(true);
    expect(restored.sequencer < "0055AED6DCD90281E6").toBe(true);
    expect(receivedAttributes(restored, "renditions")).toMatchObject({
      RestoredAt: "2026-11-24T10:00:00.000Z",
    });
  });

  it("is the same upload when the same restore is told twice", () => {
    const once = restoredUpload(record, "2026-11-24T10:00:00.000Z");
    const received = { ImageKey: once.key, ...receivedAttributes(once, "renditions") };
    expect(restoredUpload(received, "2026-11-24T10:00:00.000Z")).toEqual(once);
  });

  it("throws on what is no record", () => {
    expect(() => restoredUpload({}, "2026-11-24T10:00:00.000Z")).toThrow();
  });
});

describe("isSameOriginal", () => {
  const holder = {
    state: "PROCESSED",
    sequencer: "1",
    versionId: "v1",
    eTag: "e1",
    isNotified: true,
    renditionKeys: [],
  } as const;

  it.each([
    ["the version", anUpload(), {}, true],
    ["another version", anUpload({ versionId: "v2" }), {}, false],
    ["the version, deleted", anUpload(), { state: "DELETED" }, false],
    [
      "the content, without versions",
      anUpload({ versionId: undefined, eTag: "e1" }),
      { versionId: undefined },
      true,
    ],
    ["other content", anUpload({ versionId: undefined, eTag: "e2" }), { versionId: undefined }, false],
    [
      "nothing to tell by",
      anUpload({ versionId: undefined, eTag: undefined }),
      { versionId: undefined, eTag: undefined },
      false,
    ],
  ] as const)("tells %s", (_what, upload, found, expected) => {
    expect(isSameOriginal(upload, { ...holder, ...found })).toBe(expected);
  });
});

describe("isContradicted", () => {
  const holder = {
    state: "RECEIVED",
    sequencer: "A",
    versionId: "v1",
    eTag: "e1",
    isNotified: false,
    renditionKeys: [],
  } as const;
  const found = { sequencer: "A", versionId: "v1", eTag: "e1" };

  it.each([
    ["the same version", found, {}, false],
    ["another version", { ...found, versionId: "v2" }, {}, true],
    ["another version, by another event", { ...found, sequencer: "B", versionId: "v2" }, {}, false],
    ["a version where nothing was", found, { state: "DELETED" }, true],
    [
      "the same content, without versions",
      { ...found, versionId: undefined },
      { versionId: undefined },
      false,
    ],
    [
      "other content, without versions",
      { ...found, versionId: undefined, eTag: "e2" },
      { versionId: undefined },
      true,
    ],
    [
      "nothing to tell by",
      { ...found, versionId: undefined, eTag: undefined },
      { versionId: undefined },
      false,
    ],
  ] as const)("knows that of %s", (_what, upload, more, expected) => {
    expect(isContradicted(upload, { ...holder, ...more })).toBe(expected);
  });
});
