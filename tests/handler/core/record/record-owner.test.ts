import { describe, expect, it } from "vitest";
import { outcomeAttributes, receivedAttributes } from "../../../../handler/core/record/asset.ts";
import {
  holderOfRecord,
  isSameOriginal,
  isStale,
  restoredUpload,
} from "../../../../handler/core/record/record-owner.ts";
import { aProcessedAsset } from "../../../support/assets.ts";
import { anUpload } from "../../../support/upload-events.ts";

const processed = aProcessedAsset();

describe("holderOfRecord", () => {
  it("tells whose the record is and whether all is done", () => {
    const record = { ImageKey: "a", ...receivedAttributes(anUpload(), "renditions") };
    const holder = {
      state: "RECEIVED",
      sequencer: "0055AED6DCD90281E500000000000000",
      versionId: "v1",
      eTag: "0123456789abcdef0123456789abcdef",
      isNotified: false,
      isGivenUp: false,
      renditionKeys: [],
    };
    expect(holderOfRecord(record)).toEqual(holder);
    expect(holderOfRecord({ ...record, NotifiedAt: "2026-11-23T10:00:07.000Z" })).toEqual({
      ...holder,
      isNotified: true,
      isGivenUp: false,
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
    isGivenUp: false,
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

describe("isStale", () => {
  const holder = {
    state: "RECEIVED",
    sequencer: "A",
    versionId: "v1",
    eTag: "e1",
    isNotified: false,
    isGivenUp: false,
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
    expect(isStale(upload, { ...holder, ...more })).toBe(expected);
  });
});
