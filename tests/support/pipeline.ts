import { takingTurns } from "../../handler/app/in-turn.ts";
import type { Pipeline } from "../../handler/app/pipeline.ts";
import { timeLeft } from "../../handler/app/time-left.ts";
import { DEFAULT_INPUT } from "../../handler/core/source/source-image.ts";
import { renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import type { Ports } from "../../handler/ports/pipeline.ts";

/** One rendition of each upload, and a notice of each. */
export const SETTINGS: Pipeline["settings"] = {
  region: "eu-central-1",
  sourceBucket: "source-bucket",
  destinationBucket: "renditions",
  renditions: renditionSpecs.parse([{ name: "card", width: 400, formats: ["webp"] }]),
  limits: { maxBytes: 10_000, maxPixels: 50_000_000 },
  input: DEFAULT_INPUT,
  links: { kind: "none" },
  notices: "every",
  maxReceiveCount: 5,
  onDelete: "remove",
  recordTags: [],
};

/** The handler's use cases over ports of a test's own: with room for every image, and a minute left. */
export const aPipeline = (ports: Ports, settings: Partial<Pipeline["settings"]> = {}): Pipeline => ({
  ports,
  inTurn: takingTurns(),
  inRoom: (_weight, work) => work(),
  time: timeLeft(() => 60_000),
  isLastTry: false,
  settings: { ...SETTINGS, ...settings },
});
