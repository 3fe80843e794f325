import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../../handler/core/errors.ts";
import {
  entryAttributes,
  entryOfAsset,
  entryOfRemoval,
  LEDGER_PARTS,
  type LedgerEntry,
  outcomeOfEntry,
} from "../../../../handler/core/notice/digest-ledger.ts";
import type { FailedAsset, ProcessedAsset } from "../../../../handler/core/record/asset.ts";
import { anUpload } from "../../../support/upload-events.ts";

const AT = new Date("2026-11-25T07:59:59.999Z");

const rendition = (name: string, sizeBytes: number) => ({
  name,
  key: `holiday/beach.jpg/${name}.webp`,
  format: "webp" as const,
  width: 400,
  height: 300,
  sizeBytes,
  sha256: "r1",
});

const processed: ProcessedAsset = {
  state: "PROCESSED",
  upload: anUpload({ sizeBytes: 4_000 }),
  processedAt: AT,
  durationMs: 900,
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  transformMs: 600,
  sha256: "o1",
  appearance: {
    dominantColour: "#336699",
    placeholder: "data:image/webp;base64,AAAA",
    thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
  },
  image: { format: "jpeg", width: 4000, height: 3000, pages: 1, hasAlpha: false },
  renditions: [rendition("card", 300), rendition("hero", 500)],
};

const failed: FailedAsset = {
  state: "FAILED",
  upload: anUpload(),
  processedAt: AT,
  durationMs: 20,
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  image: undefined,
  reason: new PipelineError("CORRUPT_IMAGE", "A sentence."),
};

const { key, sequencer } = anUpload();
const removal = { bucket: "source-bucket", key, sequencer, removedAt: "2026-11-25T07:00:00.000Z" };

const ENTRIES: readonly [LedgerEntry, object][] = [
  [
    entryOfAsset(processed),
    { Id: `upload#${sequencer}#${key}`, State: "PROCESSED", BytesIn: 4_000, BytesOut: 800 },
  ],
  [entryOfAsset(failed), { Id: `upload#${sequencer}#${key}`, State: "FAILED", ReasonCode: "CORRUPT_IMAGE" }],
  [entryOfRemoval(removal), { Id: `removal#${sequencer}#${key}`, State: "DELETED" }],
];

describe("an entry of the ledger", () => {
  it.each(ENTRIES)(
    "tells what a digest tells, is found by time, and goes after 35 days: %j",
    (entry, own) => {
      const { ReasonCode, BytesIn, BytesOut, ...always } = entryAttributes(entry, AT);
      expect({ ReasonCode, BytesIn, BytesOut, ...always }).toEqual({
        Part: "ledger#2",
        At: "2026-11-25T07:59:59.999Z",
        ExpiresAt: Date.parse("2026-12-30T07:59:59Z") / 1000,
        ImageKey: "holiday/beach.jpg",
        ReasonCode: undefined,
        BytesIn: undefined,
        BytesOut: undefined,
        ...own,
      });
      expect(LEDGER_PARTS).toContain(always["Part"]);
    },
  );

  it.each(ENTRIES)("comes back as it was entered: %j", (entry) => {
    const { sequencer: _, ...outcome } = entry;
    expect(outcomeOfEntry(entryAttributes(entry, AT))).toEqual({ ...outcome, at: AT.toISOString() });
  });

  it("has the same name however often it is entered, whatever came of the upload", () => {
    const later = new Date("2026-11-26T09:00:00.000Z");
    expect(entryAttributes(entryOfAsset(failed), later)["Id"]).toBe(
      entryAttributes(entryOfAsset(processed), AT)["Id"],
    );
  });
});
