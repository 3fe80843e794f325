import { PipelineError } from "../../handler/core/errors.ts";
import type { FailedAsset, ProcessedAsset } from "../../handler/core/record/asset.ts";
import { anUpload } from "./upload-events.ts";

const outcome = {
  upload: anUpload(),
  processedAt: new Date("2026-11-23T10:00:06.000Z"),
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
} as const;

/** An image with one rendition. */
export const aProcessedAsset = (overrides: Partial<ProcessedAsset> = {}): ProcessedAsset => ({
  state: "PROCESSED",
  ...outcome,
  durationMs: 900,
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
  ...overrides,
});

/** A file that is damaged. */
export const aFailedAsset = (overrides: Partial<FailedAsset> = {}): FailedAsset => ({
  state: "FAILED",
  ...outcome,
  durationMs: 20,
  image: undefined,
  reason: new PipelineError("CORRUPT_IMAGE", "A sentence."),
  ...overrides,
});
