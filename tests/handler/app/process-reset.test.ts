import { describe, expect, it } from "vitest";
import type { Pipeline } from "../../../handler/app/pipeline.ts";
import { processRemoval } from "../../../handler/app/process-removal.ts";
import { processReset } from "../../../handler/app/process-reset.ts";
import { processUpload } from "../../../handler/app/process-upload.ts";
import type { Upload } from "../../../handler/core/events/s3-event.ts";
import {
  foundAtReset,
  reprocessSequencer,
  resetSequencer,
  sinceReset,
} from "../../../handler/core/events/sequencer.ts";
import { renditionSpecs } from "../../../handler/core/spec/rendition-spec.ts";
import { FakePorts } from "../../support/fakes.ts";
import { aPipeline } from "../../support/pipeline.ts";
import { anUpload } from "../../support/upload-events.ts";

const KEY = "beach.jpg";
const RESET_AT = "2026-11-23T09:00:00.000Z";
const BEGINNING = resetSequencer(new Date(RESET_AT));
/** Of what a reset itself processes. */
const FIRST_SINCE = foundAtReset(new Date(RESET_AT));

const at = (digit: string): string => digit.padEnd(32, "0");
const first = anUpload({ key: KEY, versionId: "v1", sequencer: at("A") });
const second = anUpload({ key: KEY, versionId: "v2", sequencer: at("B") });
const third = anUpload({ key: KEY, versionId: "v3", sequencer: at("C") });
const forged = { ...first, versionId: "v0", sequencer: at("F".repeat(18)) };
const reset = { bucket: first.bucket, key: KEY, resetAt: RESET_AT };

const pipelineOf = ({ ports }: FakePorts): Pipeline =>
  aPipeline(ports, {
    sourceBucket: first.bucket,
    renditions: renditionSpecs.parse([{ name: "card", width: 400, formats: ["webp"] }]),
  });

const putCurrent = (fakes: FakePorts, { sequencer: _, ...current }: Upload): void => {
  fakes.source.set(KEY, current);
};

/** A key whose order somebody has put beyond all that S3 will ever tell, with a later upload that was kept out. */
const frozen = async (): Promise<FakePorts> => {
  const fakes = new FakePorts();
  putCurrent(fakes, second);
  for (const upload of [first, forged, second]) await processUpload(pipelineOf(fakes), upload);
  expect(fakes.records.get(KEY)?.upload.versionId).toBe("v0");
  fakes.steps.length = 0;
  return fakes;
};

describe("processReset", () => {
  it("begins the order anew, then looks, and processes what is there over files of any sequencer", async () => {
    const fakes = await frozen();
    expect(fakes.storedBy.get("beach.jpg/card.webp")).toBe(forged.sequencer);
    await processReset(pipelineOf(fakes), reset);
    expect(fakes.steps.slice(0, 4)).toEqual([
      "reset record beach.jpg",
      "look beach.jpg",
      "receive beach.jpg",
      "read beach.jpg v2",
    ]);
    expect(fakes.records.get(KEY)).toMatchObject({
      upload: { versionId: "v2", sequencer: FIRST_SINCE },
      asset: { state: "PROCESSED" },
      notifiedAt: expect.any(Date),
    });
    expect([...fakes.stored]).toEqual([["beach.jpg/card.webp", "card.webp of original v2"]]);
    expect(fakes.storedBy.get("beach.jpg/card.webp")).toBe(FIRST_SINCE);
  });

  it("lets what S3 tells later count again, and nothing that is not there any more", async () => {
    const fakes = await frozen();
    await processReset(pipelineOf(fakes), reset);
    await processUpload(pipelineOf(fakes), first);
    expect(fakes.records.get(KEY)?.upload.versionId).toBe("v2");
    expect(fakes.lines.at(-1)).toMatchObject({
      message: "Not what lies under the key, whose order was reset",
      fields: { versionId: "v2" },
    });
    putCurrent(fakes, third);
    await processUpload(pipelineOf(fakes), third);
    expect(fakes.records.get(KEY)).toMatchObject({
      upload: { versionId: "v3", sequencer: sinceReset(third.sequencer, `${BEGINNING.slice(0, 13)}`) },
      asset: { state: "PROCESSED" },
    });
    fakes.source.delete(KEY);
    const removedAt = "2026-11-24T10:00:00.000Z";
    await processRemoval(pipelineOf(fakes), {
      bucket: first.bucket,
      key: KEY,
      sequencer: at("D"),
      removedAt,
    });
    expect(fakes.records.get(KEY)).toMatchObject({ deletedAt: removedAt });
    expect([...fakes.stored]).toEqual([]);
  });

  it("marks the record of a key where nothing is as that of a deleted original, and mails nobody", async () => {
    const fakes = await frozen();
    fakes.source.delete(KEY);
    const notices = fakes.notices.length;
    await processReset(pipelineOf(fakes), reset);
    expect(fakes.records.get(KEY)).toMatchObject({ deletedAt: RESET_AT });
    expect([[...fakes.stored], fakes.notices.length]).toEqual([[], notices]);
  });

  it("does the same once, however often it is told, and gives way to a later one", async () => {
    const fakes = await frozen();
    await processReset(pipelineOf(fakes), reset);
    const processed = fakes.processed.length;
    await processReset(pipelineOf(fakes), reset);
    expect(fakes.processed).toHaveLength(processed);
    await processReset(pipelineOf(fakes), { ...reset, resetAt: "2026-11-23T09:30:00.000Z" });
    expect(fakes.processed).toHaveLength(processed + 1);
    await processReset(pipelineOf(fakes), reset);
    expect(fakes.processed).toHaveLength(processed + 1);
    expect(fakes.lines.at(-1)?.message).toBe("The order of its events has begun anew later");
  });

  it("processes what the library does not know at S3's own order", async () => {
    const fakes = new FakePorts();
    putCurrent(fakes, second);
    await processReset(pipelineOf(fakes), { ...reset, isQuiet: true });
    expect(fakes.records.get(KEY)).toMatchObject({
      upload: { versionId: "v2", sequencer: reprocessSequencer(undefined, new Date(RESET_AT)) },
      asset: { state: "PROCESSED" },
    });
    expect(fakes.notices).toEqual([]);
  });
});
